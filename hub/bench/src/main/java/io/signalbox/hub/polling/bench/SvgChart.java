package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Comparison.Point;
import io.signalbox.hub.polling.bench.Comparison.Strategy;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SVG chart of comparisons: one panel per workload, with the cost of all fixed intervals as a curve
 * and that of the other strategies as horizontal lines. The best fixed interval costs 1; both
 * scales are logarithmic.
 */
final class SvgChart {
  private static final int COLUMNS = 3;
  private static final int WIDTH = 280;
  private static final int HEIGHT = 190;
  private static final int LEFT = 34;
  private static final int TOP = 26;
  private static final int INNER_WIDTH = 232;
  private static final int INNER_HEIGHT = 136;
  private static final int FOOT = 34;
  private static final double MIN_COST = 0.1;
  private static final double MAX_COST = 4;
  private static final double MAX_INTERVAL = 36_000;

  private static final String STYLE =
      """
      <style>
      text { font: 11px system-ui, sans-serif; fill: #57606a }
      .name { font-weight: 600; fill: #24292f }
      .frame { fill: none; stroke: #d0d7de }
      .grid { stroke: #eaeef2 }
      .fixed { fill: none; stroke: #8c959f; stroke-width: 2 }
      .plan { stroke: #0969da; stroke-width: 2.5 }
      .informed { stroke: #1a7f37; stroke-width: 1.5; stroke-dasharray: 5 3 }
      .clairvoyant { stroke: #bf8700; stroke-width: 1.5; stroke-dasharray: 2 3 }
      </style>
      <rect width="100%" height="100%" fill="#fff"/>
      """;

  private final Formatter svg = new Formatter(Locale.ROOT);

  private SvgChart() {}

  static String of(List<Comparison> comparisons) {
    SvgChart plot = new SvgChart();
    int rows = (comparisons.size() + COLUMNS - 1) / COLUMNS;
    plot.svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
        COLUMNS * WIDTH, rows * HEIGHT + FOOT);
    plot.svg.format("<title>What polling costs against the best fixed interval</title>\n");
    plot.svg.format("%s", STYLE);
    for (int each = 0; each < comparisons.size(); each++) {
      plot.svg.format(
          "<g transform=\"translate(%d %d)\">\n",
          each % COLUMNS * WIDTH + LEFT, each / COLUMNS * HEIGHT + TOP);
      plot.panel(comparisons.get(each));
      plot.svg.format("</g>\n");
    }
    plot.legend(rows * HEIGHT + 20);
    plot.svg.format("</svg>\n");
    return plot.svg.toString();
  }

  private void panel(Comparison comparison) {
    svg.format("<text class=\"name\" y=\"-8\">%s</text>\n", escaped(comparison.pattern().name()));
    for (double cost : new double[] {0.2, 0.5, 1, 2}) {
      level("grid", cost);
      svg.format(
          "<text x=\"-6\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", y(cost) + 4, plain(cost));
    }
    String[] names = {"1 s", "1 min", "1 h", "10 h"};
    double[] intervals = {1, 60, 3_600, 36_000};
    for (int each = 0; each < names.length; each++) {
      double x = x(intervals[each]);
      svg.format(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
          x, INNER_HEIGHT + 14, names[each]);
    }
    svg.format("<rect class=\"frame\" width=\"%d\" height=\"%d\"/>\n", INNER_WIDTH, INNER_HEIGHT);
    curve(comparison.fixed());
    level("clairvoyant", comparison.ratio(Strategy.CLAIRVOYANT));
    level("informed", comparison.ratio(Strategy.INFORMED));
    level("plan", comparison.ratio(Strategy.PLAN));
  }

  private void curve(List<Point> points) {
    StringBuilder line = new StringBuilder();
    points.stream()
        .filter(point -> point.cost() <= MAX_COST)
        .forEach(
            point ->
                line.append(
                    String.format(
                        Locale.ROOT, "%.1f,%.1f ", x(point.interval()), y(point.cost()))));
    svg.format("<polyline class=\"fixed\" points=\"%s\"/>\n", line.toString().strip());
  }

  private void level(String kind, @Nullable Double cost) {
    if (cost != null) {
      svg.format(
          "<line class=\"%s\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
          kind, INNER_WIDTH, y(cost), y(cost));
    }
  }

  private void legend(int y) {
    String[] kinds = {"fixed", "plan", "informed", "clairvoyant"};
    String[] words = {"fixed intervals", "the plan", "knows the process", "clairvoyant"};
    for (int each = 0; each < kinds.length; each++) {
      int x = LEFT + each * 180;
      svg.format(
          "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n",
          kinds[each], x, x + 24, y, y);
      svg.format("<text x=\"%d\" y=\"%d\">%s</text>\n", x + 30, y + 4, words[each]);
    }
  }

  private static double x(double interval) {
    return INNER_WIDTH * Math.log(interval) / Math.log(MAX_INTERVAL);
  }

  private static double y(double cost) {
    double bounded = Math.clamp(cost, MIN_COST, MAX_COST);
    return INNER_HEIGHT * Math.log(MAX_COST / bounded) / Math.log(MAX_COST / MIN_COST);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
