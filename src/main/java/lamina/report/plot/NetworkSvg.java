package lamina.report.plot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lamina.report.plot.NetworkPicture.Arrow;
import lamina.report.plot.NetworkPicture.Box;
import lamina.report.plot.NetworkPicture.Kind;

/**
 * Draws a network as SVG, from top to bottom in {@link NetworkLanes}. Between two ranks of boxes
 * lies a channel of three parts: arrows that leave for other lanes, the shapes beside all arrows,
 * arrows that come from other lanes. So no line runs through a text. Colours follow whether the
 * reader prefers dark ones.
 */
public final class NetworkSvg {
  private static final int FONT = 12;

  /** The width of a character of a font whose characters all have the same. */
  private static final double CHARACTER = 0.605 * FONT;

  private static final int LINE = 17;
  private static final int MARGIN = 16;
  private static final int GAP = 20;
  private static final int TRACK = 10;
  private static final int LABEL = 20;
  private static final int BEND = 6;

  private static final String STYLE =
      """
      <style>
      text { font: 12px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328; }
      .paper { fill: #ffffff; }
      .block { fill: #f3f5f8; }
      .title { fill: #59636e; font-weight: bold; }
      .shape { fill: #59636e; }
      .box { stroke-width: 1.2; }
      .end { fill: #ffffff; stroke: #59636e; }
      .weights { fill: #ddeeff; stroke: #2f6fb3; }
      .plain { fill: #fff1d6; stroke: #b07a1e; }
      .merge { fill: #dcf5e3; stroke: #2e8549; }
      .unknown { fill: #ffffff; stroke: #b3372f; stroke-dasharray: 4 3; }
      .arrow { fill: none; stroke: #59636e; stroke-width: 1.2; }
      .head { fill: #59636e; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .paper { fill: #0d1117; }
        .block { fill: #171d26; }
        .title, .shape { fill: #9aa6b2; }
        .end { fill: #0d1117; stroke: #9aa6b2; }
        .weights { fill: #12304d; stroke: #5b9bd9; }
        .plain { fill: #3d2e0f; stroke: #d19a3a; }
        .merge { fill: #12361f; stroke: #4fb36f; }
        .unknown { fill: #0d1117; stroke: #e5645a; }
        .arrow { stroke: #9aa6b2; }
        .head { fill: #9aa6b2; }
      }
      </style>
      <defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" \
      markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0.5 L8 4 L0 7.5 z"/></marker></defs>
      """;

  private final NetworkPicture picture;
  private final NetworkLanes lanes;
  private final int rankCount;

  /** The middle of each lane, and the width of its boxes. */
  private final Map<Integer, Double> middles = new HashMap<>();

  private final Map<Integer, Double> widths = new HashMap<>();
  private double width;
  private double left;

  /** The height of the boxes of each rank, where they begin, and how many tracks follow. */
  private final int[] heights;

  private final double[] tops;
  private final int[] leavingTracks;
  private final int[] arrivingTracks;

  /** The track of each box's arrows that leave for another lane, or come from one; -1 if none. */
  private final int[] leavingTrack;

  private final int[] arrivingTrack;

  private final StringBuilder svg = new StringBuilder();

  private NetworkSvg(NetworkPicture picture) {
    this.picture = picture;
    this.lanes = new NetworkLanes(picture);
    int boxes = picture.boxes().size();
    int most = 0;
    for (int box = 0; box < boxes; box++) {
      most = Math.max(most, lanes.rank(box));
    }
    this.rankCount = most + 1;
    this.heights = new int[rankCount];
    this.tops = new double[rankCount];
    this.leavingTracks = new int[rankCount];
    this.arrivingTracks = new int[rankCount];
    this.leavingTrack = new int[boxes];
    this.arrivingTrack = new int[boxes];
  }

  /** The picture as a document of its own. */
  public static String of(NetworkPicture picture, String title) {
    NetworkSvg drawing = new NetworkSvg(picture);
    drawing.placeAcross();
    drawing.placeTracks(true, drawing.leavingTrack, drawing.leavingTracks);
    drawing.placeTracks(false, drawing.arrivingTrack, drawing.arrivingTracks);
    drawing.placeDown();
    drawing.draw(title);
    return drawing.svg.toString();
  }

  private static double textWidth(String text) {
    return text.length() * CHARACTER;
  }

  private static double boxWidth(Box box) {
    double widest = 0;
    for (NetworkPicture.Line line : box.lines()) {
      widest = Math.max(widest, textWidth(line.text()));
    }
    return widest + 24;
  }

  /** Lanes beside one another, each as wide as its boxes and the shapes beside its arrows. */
  private void placeAcross() {
    Map<Integer, Double> rights = new TreeMap<>();
    for (int box = 0; box < picture.boxes().size(); box++) {
      Box drawn = picture.boxes().get(box);
      widths.merge(lanes.lane(box), isRound(drawn) ? 0 : boxWidth(drawn), Math::max);
      rights.merge(lanes.lane(box), boxWidth(drawn) / 2, Math::max);
    }
    for (int arrow = 0; arrow < picture.arrows().size(); arrow++) {
      double shape = textWidth(picture.arrows().get(arrow).shape()) + 10;
      rights.merge(lanes.arrowLane(arrow), shape, Math::max);
    }
    left = MARGIN;
    for (int block = 0; block < picture.blocks().size(); block++) {
      left = Math.max(left, textWidth(picture.blocks().get(block).name()) * 1.02 + 2 * MARGIN);
    }
    double x = left;
    for (Map.Entry<Integer, Double> lane : rights.entrySet()) {
      double half = BEND;
      for (int box = 0; box < picture.boxes().size(); box++) {
        if (lanes.lane(box) == lane.getKey()) {
          half = Math.max(half, boxWidth(picture.boxes().get(box)) / 2);
        }
      }
      x += half;
      middles.put(lane.getKey(), x);
      x += Math.max(lane.getValue(), half) + GAP;
    }
    width = x - GAP + MARGIN;
  }

  private static boolean isRound(Box box) {
    return box.kind() == Kind.END || box.kind() == Kind.MERGE;
  }

  /** Gives arrows that move across at the same rank a height each, unless they do not meet. */
  private void placeTracks(boolean leaving, int[] trackOf, int[] tracks) {
    List<double[]> taken = new ArrayList<>();
    for (int box = 0; box < trackOf.length; box++) {
      trackOf[box] = -1;
      double least = middles.get(lanes.lane(box));
      double most = least;
      boolean moves = false;
      for (int arrow = 0; arrow < picture.arrows().size(); arrow++) {
        Arrow drawn = picture.arrows().get(arrow);
        if ((leaving ? drawn.from() : drawn.to()) == box
            && lanes.arrowLane(arrow) != lanes.lane(box)) {
          double x = middles.get(lanes.arrowLane(arrow));
          least = Math.min(least, x);
          most = Math.max(most, x);
          moves = true;
        }
      }
      if (!moves) {
        continue;
      }
      int rank = lanes.rank(box);
      int track = 0;
      for (int i = 0; i < taken.size(); i++) {
        double[] other = taken.get(i);
        if (other[0] == rank && other[1] == track && least <= other[3] && other[2] <= most) {
          track++;
          i = -1;
        }
      }
      taken.add(new double[] {rank, track, least, most});
      trackOf[box] = track;
      tracks[rank] = Math.max(tracks[rank], track + 1);
    }
  }

  private void placeDown() {
    for (int box = 0; box < picture.boxes().size(); box++) {
      int rank = lanes.rank(box);
      int lines = picture.boxes().get(box).lines().size();
      heights[rank] = Math.max(heights[rank], lines * LINE + 11);
    }
    double y = MARGIN;
    for (int rank = 0; rank < rankCount; rank++) {
      tops[rank] = y;
      y += heights[rank];
      if (rank + 1 < rankCount) {
        y += 6 + leavingTracks[rank] * TRACK + LABEL + arrivingTracks[rank + 1] * TRACK + 12;
      }
    }
  }

  private double bottom(int rank) {
    return tops[rank] + heights[rank];
  }

  private double labelHeight(int rank) {
    return bottom(rank) + 6 + leavingTracks[rank] * TRACK;
  }

  private void draw(String title) {
    double height = bottom(rankCount - 1) + MARGIN;
    svg.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width))
        .append("\" height=\"" + number(height) + "\" viewBox=\"0 0 " + number(width) + ' ')
        .append(number(height) + "\" role=\"img\">\n<title>" + SvgPlot.escaped(title))
        .append("</title>\n" + STYLE)
        .append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    drawBlocks();
    Set<String> labelled = new HashSet<>();
    for (int arrow = 0; arrow < picture.arrows().size(); arrow++) {
      drawArrow(arrow, labelled);
    }
    for (int box = 0; box < picture.boxes().size(); box++) {
      drawBox(box);
    }
    svg.append("</svg>\n");
  }

  private void drawBlocks() {
    for (int block = 0; block < picture.blocks().size(); block++) {
      int first = Integer.MAX_VALUE;
      int last = 0;
      for (int box = 0; box < picture.boxes().size(); box++) {
        if (picture.boxes().get(box).block() == block) {
          first = Math.min(first, lanes.rank(box));
          last = Math.max(last, lanes.rank(box));
        }
      }
      double top = tops[first] - 8;
      svg.append("<rect class=\"block\" x=\"6\" y=\"" + number(top) + "\" width=\"")
          .append(number(width - 12) + "\" height=\"" + number(bottom(last) + 8 - top))
          .append("\" rx=\"8\"/>\n");
      text(MARGIN, top + 19, "title", "start", picture.blocks().get(block).name());
    }
  }

  private void drawBox(int box) {
    Box drawn = picture.boxes().get(box);
    double middle = middles.get(lanes.lane(box));
    double wide = isRound(drawn) ? boxWidth(drawn) : widths.get(lanes.lane(box));
    double high = drawn.lines().size() * LINE + 11;
    double top = tops[lanes.rank(box)];
    String style =
        switch (drawn.kind()) {
          case END -> "end";
          case WEIGHTS -> "weights";
          case PLAIN -> "plain";
          case MERGE -> "merge";
          case UNKNOWN -> "unknown";
        };
    svg.append("<rect class=\"box " + style + "\" x=\"" + number(middle - wide / 2) + "\" y=\"")
        .append(number(top) + "\" width=\"" + number(wide) + "\" height=\"" + number(high))
        .append("\" rx=\"" + (isRound(drawn) ? 13 : 5) + "\"/>\n");
    for (int line = 0; line < drawn.lines().size(); line++) {
      text(middle, top + 18 + line * LINE, "", "middle", drawn.lines().get(line).text());
    }
  }

  private void drawArrow(int arrow, Set<String> labelled) {
    Arrow drawn = picture.arrows().get(arrow);
    int lane = lanes.arrowLane(arrow);
    double from = middles.get(lanes.lane(drawn.from()));
    double x = middles.get(lane);
    double to = middles.get(lanes.lane(drawn.to()));
    int rank = lanes.rank(drawn.from());
    int below = lanes.rank(drawn.to());
    double start = tops[rank] + picture.boxes().get(drawn.from()).lines().size() * LINE + 11;
    double end = tops[below];
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {from, start});
    if (x != from) {
      double y = bottom(rank) + 6 + leavingTrack[drawn.from()] * TRACK + TRACK / 2.0;
      points.add(new double[] {from, y});
      points.add(new double[] {x, y});
    }
    if (x != to) {
      double y = end - 12 - arrivingTrack[drawn.to()] * TRACK - TRACK / 2.0;
      points.add(new double[] {x, y});
      points.add(new double[] {to, y});
    }
    points.add(new double[] {to, end});
    svg.append("<path class=\"arrow\" marker-end=\"url(#head)\" d=\"" + path(points) + "\"/>\n");
    if (labelled.add(drawn.from() + "/" + lane)) {
      text(x + 7, labelHeight(rank) + 14, "shape", "start", drawn.shape());
    }
  }

  /** Lines between points, with bends instead of corners. */
  private static String path(List<double[]> points) {
    StringBuilder path = new StringBuilder();
    double[] first = points.get(0);
    path.append('M').append(number(first[0])).append(' ').append(number(first[1]));
    for (int i = 1; i < points.size(); i++) {
      double[] corner = points.get(i);
      if (i == points.size() - 1) {
        path.append(" L").append(number(corner[0])).append(' ').append(number(corner[1]));
        continue;
      }
      double[] in = towards(corner, points.get(i - 1));
      double[] out = towards(corner, points.get(i + 1));
      path.append(" L").append(number(in[0])).append(' ').append(number(in[1]));
      path.append(" Q").append(number(corner[0])).append(' ').append(number(corner[1]));
      path.append(' ').append(number(out[0])).append(' ').append(number(out[1]));
    }
    return path.toString();
  }

  private static double[] towards(double[] corner, double[] other) {
    double distance = Math.abs(other[0] - corner[0]) + Math.abs(other[1] - corner[1]);
    double part = distance == 0 ? 0 : Math.min(BEND, distance / 2) / distance;
    return new double[] {
      corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part
    };
  }

  private void text(double x, double y, String style, String anchor, String content) {
    svg.append("<text x=\"" + number(x) + "\" y=\"" + number(y) + '"')
        .append(style.isEmpty() ? "" : " class=\"" + style + '"')
        .append(anchor.equals("start") ? "" : " text-anchor=\"" + anchor + '"')
        .append(" xml:space=\"preserve\">" + SvgPlot.escaped(content) + "</text>\n");
  }

  /** A coordinate with at most one decimal. */
  private static String number(double value) {
    double rounded = Math.rint(value * 10) / 10;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
