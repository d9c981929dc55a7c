package lamina.check;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One question of a suite. Its answer is what {@code submission} holds, {@code exec} prints or, if
 * there is neither, {@code command} gives; it is compared with {@code expected} or, if there is
 * none, with the command's.
 *
 * @param command arguments of lamina, or null
 * @param submission a file in the folder of a submission, or null
 * @param exec a program and its arguments, or null
 * @param expected the right answer, or null
 * @param members the members of the command's result that count, or null for all
 * @param points the most points
 * @param memberPoints points by members, which add up to {@code points}, or null
 * @param partial whether an answer gets the share of its elements that are right
 * @param hint what a wrong answer is told, or null
 * @param needs the cases without which this one is skipped
 * @param timeout when the command or the program is given up
 */
public record SuiteCase(
    String name,
    List<String> command,
    String submission,
    ProgramCall exec,
    Answer expected,
    List<String> members,
    BigDecimal points,
    Map<String, BigDecimal> memberPoints,
    boolean partial,
    double rtol,
    double atol,
    String hint,
    List<String> needs,
    Duration timeout) {}
