# Shell functions that set up this checkout: a JDK and Maven, the jar, the archive for fast starts.
# Sourced by lamina, test and measure-start, which set $root and, lamina, $jar and $java.
# Nothing here writes to standard output or reads standard input.

oldest_java=17
unset CDPATH
# As it is read by people too: absolute, without links. The mark keeps a line break at its end.
root=$(cd "$root" && pwd -P && echo .)
root=${root%?.}

say() {
  printf 'lamina: %s\n' "$*" >&2
}

# Ends with 127, as a shell does for a program that it cannot find.
fail() {
  say "$*"
  exit 127
}

# The version of the java given, such as 17; nothing if it does not run. A JDK's folder tells
# faster than the JDK itself.
java_major() {
  {
    sed -n 's/^JAVA_VERSION=/version /p' "${1%/bin/java}/release" 2>/dev/null ||
      "$1" -version 2>&1 </dev/null
  } | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | sed -n 1p
}

# Whether the folder is the home of a JDK that can build and run this.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && is_java "$1/bin/java"
}

is_java() {
  major=$(java_major "$1")
  [ -n "$major" ] && [ "$major" -ge "$oldest_java" ]
}

# The folder that holds bin/java, symbolic links resolved.
home_of() {
  home=$(readlink -f -- "$1" && echo .)
  home=${home%?.}
  printf '%s.' "${home%/bin/java}"
}

# Sets $java_home to a JDK: JAVA_HOME's, the one of the java on the PATH, or another installed one.
# If there is none, $lacking tells what is wrong with the java on the PATH.
find_jdk() {
  lacking=
  if [ -n "${JAVA_HOME:-}" ] && [ ! -x "$JAVA_HOME/bin/java" ]; then
    say "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it; looking for another Java"
    unset JAVA_HOME
  fi
  if [ -n "${JAVA_HOME:-}" ]; then
    if ! is_java "$JAVA_HOME/bin/java"; then
      old=$(java_major "$JAVA_HOME/bin/java")
      says=${old:+"is Java $old, older than $oldest_java"}
      says=${says:-does not run}
      fail "the java of JAVA_HOME, '$JAVA_HOME', $says; set JAVA_HOME to a newer JDK or unset it"
    fi
    [ -x "$JAVA_HOME/bin/javac" ] || fail "JAVA_HOME is '$JAVA_HOME', a Java without its compiler; set it to a JDK or unset it"
    java_home=$JAVA_HOME
    return 0
  fi
  if on_path=$(command -v java); then
    java_home=$(home_of "$on_path")
    java_home=${java_home%.}
    if is_jdk "$java_home"; then
      return 0
    fi
    if is_java "$on_path"; then
      lacking=" ($on_path is a Java $(java_major "$on_path") without the compiler, javac)"
    else
      old=$(java_major "$on_path")
      lacking=" ($on_path is ${old:+Java }${old:-a java that does not run})"
    fi
  fi
  for java_home in /usr/lib/jvm/*; do
    if is_jdk "$java_home"; then
      return 0
    fi
  done
  java_home=
  return 1
}

# Installs packages of Debian or one of its relatives, as root or by sudo without a password.
install_packages() {
  if ! command -v apt-get >/dev/null; then
    fail "$missing missing; install a JDK from $oldest_java on and Maven, then run this again"
  fi
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null </dev/null; then
      as_root='sudo -n'
    else
      fail "$missing missing and only root can install; run: sudo apt-get install $*"
    fi
  fi
  say "$missing missing: installing $* by apt-get"
  log=$(mktemp)
  # shellcheck disable=SC2086 # $as_root is two words or none
  {
    $as_root apt-get -qq -o DPkg::Lock::Timeout=600 update &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=600 \
        -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
  } >"$log" 2>&1 </dev/null || {
    tail -n 3 "$log" >&2
    fail "apt-get could not install $*; the whole story is in $log"
  }
  rm -f "$log"
}

# Sets $java_home and finds Maven, installing what is missing.
ensure_tools() {
  wanted=
  missing=
  if ! find_jdk; then
    wanted=openjdk-17-jdk-headless
    missing="a JDK from $oldest_java on$lacking"
  fi
  if ! command -v mvn >/dev/null; then
    wanted="${wanted:+$wanted }maven"
    missing="${missing:+$missing and }Maven"
  fi
  if [ -n "$wanted" ]; then
    case $missing in
      *and*) missing="$missing are" ;;
      *) missing="$missing is" ;;
    esac
    newest=$(apt-cache policy default-jdk-headless 2>/dev/null | sed -n 's/.*Candidate: .*1\.\([0-9]*\).*/\1/p')
    case $wanted in
      openjdk*) [ "${newest:-0}" -gt 17 ] && wanted="openjdk-$newest-jdk-headless${wanted#openjdk-17-jdk-headless}" ;;
    esac
    # shellcheck disable=SC2086 # names of packages
    install_packages $wanted
    find_jdk || fail "no JDK from $oldest_java on was found although one was installed; set JAVA_HOME to it"
  fi
}

# Waits until no other set-up of this checkout runs. The lock is on a file that is always there, so
# that a checkout that cannot be written can be locked too; it ends with this process.
lock() {
  exec 9<"$root/scripts/setup.sh"
  command -v flock >/dev/null || return 0
  if ! flock -n 9; then
    say "waiting for another set-up of this checkout"
    flock 9
  fi
}

unlock() {
  exec 9<&-
}

# Runs Maven on the project with the JDK found.
maven() {
  (cd "$root" && JAVA_HOME=$java_home exec mvn -B -ntp -Dstyle.color=never "$@" 9<&-)
}

# The first errors of Maven's log: without its marks and colours, and without empty lines.
tell_errors() {
  esc=$(printf '\033')
  sed -n -e "s/$esc\[[0-9;]*m//g" -e 's/^\[ERROR\] *\([^ ]\)/\1/p' "$1" |
    grep -v -e '^-> ' -e '^To see the full stack' -e '^Re-run Maven' -e '^For more information' |
    sed -n 1,3p
}

build_jar() {
  case $root in
    *:*) fail "Java cannot run from a folder with ':' in its name: $root; move the checkout" ;;
  esac
  mkdir -p "$root/target" 2>/dev/null && [ -w "$root/target" ] || fail "$root/target cannot be written, so lamina cannot be built there; build it once as the owner of the checkout"
  ensure_tools
  say "building (once, a minute or two)"
  maven -q -DskipTests package >"$root/target/setup.log" 2>&1 </dev/null || {
    tell_errors "$root/target/setup.log" >&2
    fail "the build failed; the whole story is in $root/target/setup.log"
  }
}

# Makes the start folder for this jar and $java. Whatever fails: lamina runs without it.
make_start() (
  real=$(home_of "$java")
  real=${real%.}
  [ -e "$real/release" ] || exit 0
  starts=$root/target/start
  if ! mkdir -p "$starts" 2>/dev/null || [ ! -w "$starts" ]; then
    starts=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/lamina
    mkdir -p "$starts" 2>/dev/null && [ -w "$starts" ] || exit 0
  fi
  for old in "$starts"/*; do
    if [ ! -e "$old/ready" ]; then
      # Left by a set-up that was stopped, or still being made by another checkout's.
      [ -z "$(find "$old" -maxdepth 0 -mmin +60)" ] || rm -rf "$old"
    elif { [ "$old/checkout" -ef "$root" ] && [ "$old/jdk" -ef "$real" ]; } ||
      [ ! -e "$old/jdk/bin/java" ] || [ ! -e "$old/checkout/target/lamina.jar" ]; then
      rm -rf "$old"
    fi
  done
  new=$(mktemp -d "$starts/XXXXXXXX") || exit 0
  chmod 755 "$new"
  say "preparing fast starts (once for each build and JDK)" 2>&8
  cp "$real/release" "$new/release"
  ln -s "$real" "$new/jdk"
  ln -s "$root" "$new/checkout"
  rehearsal=$root/scripts/rehearsal
  # The name it was found by may hold only where lamina was called.
  jar=$root/target/lamina.jar
  cd "$root/src/examples" || cd "$root" || exit 0
  if [ "$(java_major "$java")" -ge 25 ]; then
    "$java" -Xlog:disable -XX:+UseSerialGC -XX:AOTCacheOutput="$new/lamina.aot" -Dpicocli.converters.excludes='java.*' -Dlamina.rehearsal=true -jar "$jar" <"$rehearsal"
  else
    # G1 for the dump: only it can archive heap objects.
    "$java" -Xlog:disable -XX:+UseSerialGC -XX:DumpLoadedClassList="$new/classes" -Dpicocli.converters.excludes='java.*' -Dlamina.rehearsal=true -jar "$jar" <"$rehearsal" &&
      "$java" -Xlog:disable -XX:+UseG1GC -Xshare:dump -XX:SharedClassListFile="$new/classes" -XX:SharedArchiveFile="$new/lamina.jsa" -jar "$jar"
  fi
  rm -f "$new/classes"
  : >"$new/ready"
) 8>&2 >/dev/null 2>&1

# For lamina: sets $java to one that runs, builds what is missing, and prepares fast starts.
prepare_start() {
  if [ ! -e "$jar" ]; then
    lock
    [ -e "$jar" ] || build_jar
    unlock
  fi
  [ -n "$java" ] && [ -x "$java" ] && is_java "$java" || {
    find_jdk || ensure_tools
    java=$java_home/bin/java
  }
  find_start && return 0
  exec 9<"$root/scripts/setup.sh"
  # While another process prepares, this one starts without.
  if ! command -v flock >/dev/null || flock -n 9; then
    make_start 9<&-
    find_start
  fi
  unlock
}
