package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A text of which as much as a reader needs is at hand: the whole text, or a file's, a window at a
 * time. The reader goes through the bytes from {@link #at} on itself and calls {@link #next} before
 * each number or word.
 */
class TextWindow {
  /** As much of a file is in memory at a time; it stays in the processor's cache. */
  private static final int WINDOW = 1 << 18;

  /** What {@link #next} has at hand at least, if there is as much. */
  static final int LONGEST = 64;

  /** Has a byte behind {@link #end} that belongs to no number, so that loops over digits stop. */
  final byte[] text;

  /** The next byte. */
  int at;

  /** The end of what is at hand. */
  int end;

  /** What follows it, or null if that is all. */
  private InputStream rest;

  /** The length of everything, and how much of it lies before the window. */
  private final long length;

  private long before;
  private boolean failed;

  /** A text in an array; copied unless a zero or a line's end follows it there. */
  TextWindow(byte[] text, int from, int to) {
    this.text = ended(text, to);
    this.at = from;
    this.end = to;
    this.before = -(long) from;
    this.length = (long) to - from;
  }

  private static byte[] ended(byte[] text, int to) {
    if (to < text.length && (text[to] == 0 || text[to] == '\n')) {
      return text;
    }
    byte[] copy = Arrays.copyOf(text, to + 1);
    copy[to] = 0;
    return copy;
  }

  /** A file of a known length. */
  TextWindow(InputStream file, long length) {
    this.text = new byte[(int) Math.min(Math.max(length, 4096), WINDOW) + 1];
    this.rest = file;
    this.length = length;
  }

  /** How many bytes there are in all. */
  final long length() {
    return length;
  }

  /** How many were passed. */
  final long position() {
    return before + at;
  }

  /** Whether something could not be read, so that this is not the whole text. */
  final boolean failed() {
    return failed;
  }

  /** Whether what ends here may go on in the next window. */
  final boolean isCutOff() {
    return at == end && rest != null;
  }

  /** The next byte that is not blank, or -1 at the end; it stays the next one. */
  final int next() {
    while (true) {
      while (at < end) {
        byte b = text[at];
        if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
          break;
        }
        at++;
      }
      if (end - at >= LONGEST || rest == null) {
        return at < end ? text[at] : -1;
      }
      more();
    }
  }

  /** Moves the window on. */
  private void more() {
    System.arraycopy(text, at, text, 0, end - at);
    before += at;
    end -= at;
    at = 0;
    try {
      int count = rest.read(text, end, text.length - 1 - end);
      end += Math.max(count, 0);
      rest = count < 0 ? null : rest;
    } catch (IOException e) {
      // Who reads the text again will meet it, too, and say so.
      failed = true;
      rest = null;
    }
    text[end] = 0;
  }

  /** Steps over a character, if it is the next one after blanks. */
  final boolean accept(char c) {
    if (next() == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Steps over a short word, if it comes next after blanks. */
  final boolean accept(String word) {
    next();
    if (end - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }
}
