package lamina.report;

import java.util.ArrayList;
import java.util.List;

/** Breaks sentences between words. */
final class TextWrap {
  private TextWrap() {}

  /**
   * The lines of a sentence; a word longer than a line is not broken.
   *
   * @param width the columns of the first line; below 1, all of it is one line
   * @param hanging by how much narrower the other lines are
   */
  static List<String> lines(String sentence, int width, int hanging) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int room = width;
    while (width > 0 && sentence.length() - start > room) {
      int end = sentence.lastIndexOf(' ', start + room);
      if (end <= start) {
        end = sentence.indexOf(' ', start);
        if (end < 0) {
          break;
        }
      }
      lines.add(sentence.substring(start, end));
      start = end + 1;
      room = Math.max(1, width - hanging);
    }
    lines.add(sentence.substring(start));
    return lines;
  }
}
