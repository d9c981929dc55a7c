package lamina.report.plot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the boxes of a network stand: each on the rank that its longest way from the input has, the
 * longest way of all in the lane in the middle, branches in lanes beside it. An arrow runs down one
 * lane, and moves to another only between two ranks.
 */
final class NetworkLanes {
  private final NetworkPicture picture;
  private final int[] ranks;

  /** The lane of each box: 0 in the middle, negative to its left. */
  private final int[] lanes;

  /** The lane that each arrow runs down. */
  private final int[] arrowLanes;

  private final boolean[] isPlaced;

  /** What lanes hold: from the channel below a rank to the channel above another. */
  private final List<Track> tracks = new ArrayList<>();

  /**
   * A stretch of a lane.
   *
   * @param from the rank that it begins below
   * @param to the rank that it ends above
   * @param boxes those that stand in it
   * @param arrows those that run in it
   * @param parent the box that it begins at
   */
  private record Track(
      int from, int to, List<Integer> boxes, List<Integer> arrows, int parent, int[] lane) {
    boolean overlaps(Track other) {
      return from < other.to && other.from < to;
    }
  }

  NetworkLanes(NetworkPicture picture) {
    this.picture = picture;
    this.ranks = picture.ranks();
    this.lanes = new int[ranks.length];
    this.arrowLanes = new int[picture.arrows().size()];
    this.isPlaced = new boolean[ranks.length];
    boolean[] isRouted = new boolean[arrowLanes.length];
    Track middle = path(ranks.length - 1, isRouted);
    List<Track> branches = new ArrayList<>();
    for (int box = ranks.length - 1; box >= 0; box--) {
      if (!isPlaced[box]) {
        branches.add(path(box, isRouted));
      }
    }
    addLongArrows(isRouted, branches);
    middle.lane()[0] = 0;
    tracks.add(middle);
    settle(middle);
    branches.sort(Comparator.comparingInt(track -> track.to() - track.from()));
    while (!branches.isEmpty()) {
      // A branch of a branch goes beyond it, so it must wait for it.
      Track next = branches.get(0);
      for (Track track : branches) {
        if (isSettled(track.parent())) {
          next = track;
          break;
        }
      }
      branches.remove(next);
      next.lane()[0] = freeLane(next);
      tracks.add(next);
      settle(next);
    }
    for (int arrow = 0; arrow < arrowLanes.length; arrow++) {
      if (!isRouted[arrow]) {
        arrowLanes[arrow] = lanes[picture.arrows().get(arrow).from()];
      }
    }
  }

  int rank(int box) {
    return ranks[box];
  }

  int lane(int box) {
    return lanes[box];
  }

  int arrowLane(int arrow) {
    return arrowLanes[arrow];
  }

  /** The longest way up from a box through boxes that have no place yet. */
  private Track path(int last, boolean[] isRouted) {
    List<Integer> boxes = new ArrayList<>();
    List<Integer> routed = new ArrayList<>();
    int parent = 0;
    int from = ranks[last];
    for (int box = last; box >= 0; ) {
      boxes.add(box);
      isPlaced[box] = true;
      int arrow = highest(box);
      int source = arrow < 0 ? -1 : picture.arrows().get(arrow).from();
      if (source >= 0) {
        routed.add(arrow);
        isRouted[arrow] = true;
        parent = source;
        from = ranks[source];
      } else {
        from = ranks[box];
      }
      box = source >= 0 && !isPlaced[source] ? source : -1;
    }
    int exit = nearest(last);
    int to = ranks[last] + 1;
    if (exit >= 0) {
      routed.add(exit);
      isRouted[exit] = true;
      to = ranks[picture.arrows().get(exit).to()];
    }
    return new Track(from, to, boxes, routed, parent, new int[1]);
  }

  /** The arrow into a box that comes from the lowest box above it, the first of several. */
  private int highest(int box) {
    int found = -1;
    for (int arrow = 0; arrow < arrowLanes.length; arrow++) {
      NetworkPicture.Arrow candidate = picture.arrows().get(arrow);
      if (candidate.to() == box
          && (found < 0 || ranks[candidate.from()] > ranks[picture.arrows().get(found).from()])) {
        found = arrow;
      }
    }
    return found;
  }

  /** The arrow out of a box that goes to the next box below it. */
  private int nearest(int box) {
    int found = -1;
    for (int arrow = 0; arrow < arrowLanes.length; arrow++) {
      NetworkPicture.Arrow candidate = picture.arrows().get(arrow);
      if (candidate.from() == box
          && (found < 0 || ranks[candidate.to()] < ranks[picture.arrows().get(found).to()])) {
        found = arrow;
      }
    }
    return found;
  }

  /** Arrows past other boxes, those of one box together in a lane of their own. */
  private void addLongArrows(boolean[] isRouted, List<Track> branches) {
    for (int box = 0; box < ranks.length; box++) {
      List<Integer> together = new ArrayList<>();
      int to = 0;
      for (int arrow = 0; arrow < arrowLanes.length; arrow++) {
        NetworkPicture.Arrow candidate = picture.arrows().get(arrow);
        if (candidate.from() == box && !isRouted[arrow] && ranks[candidate.to()] > ranks[box] + 1) {
          together.add(arrow);
          isRouted[arrow] = true;
          to = Math.max(to, ranks[candidate.to()]);
        }
      }
      if (!together.isEmpty()) {
        branches.add(new Track(ranks[box], to, List.of(), together, box, new int[1]));
      }
    }
  }

  private boolean isSettled(int box) {
    for (Track track : tracks) {
      if (track.boxes().contains(box)) {
        return true;
      }
    }
    return false;
  }

  /** The nearest lane that is free, beyond the lane of the box that the track begins at. */
  private int freeLane(Track track) {
    int base = lanes[track.parent()];
    for (int distance = 1; ; distance++) {
      int[] candidates =
          base > 0
              ? new int[] {base + distance}
              : base < 0
                  ? new int[] {base - distance}
                  : track.boxes().isEmpty()
                      ? new int[] {distance}
                      : new int[] {distance, -distance};
      for (int lane : candidates) {
        boolean free = true;
        for (Track other : tracks) {
          free &= other.lane()[0] != lane || !other.overlaps(track);
        }
        if (free) {
          return lane;
        }
      }
    }
  }

  private void settle(Track track) {
    for (int box : track.boxes()) {
      lanes[box] = track.lane()[0];
    }
    for (int arrow : track.arrows()) {
      arrowLanes[arrow] = track.lane()[0];
    }
  }
}
