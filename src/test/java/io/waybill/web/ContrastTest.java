package io.waybill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard's colours, by the rules of WCAG 2.2: 4.5 to 1 for text (level AA). */
class ContrastTest {
  private static final Path CSS = Path.of("src/main/resources/io/waybill/web/app.css");
  private static final double WANTED = 4.5;
  private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});");
  private static final List<String> TEXTS =
      List.of("text", "soft", "accent", "ok", "warn", "bad", "off");
  private static final List<String> GROUNDS = List.of("paper", "card", "inset");

  /**
   * Light, dark by choice, dark by the system: a palette begins where its first name comes again.
   */
  private static List<Map<String, Integer>> palettes() throws IOException {
    List<Map<String, Integer>> palettes = new ArrayList<>();
    Matcher found = COLOUR.matcher(Files.readString(CSS));
    while (found.find()) {
      if (found.group(1).equals("paper")) {
        palettes.add(new HashMap<>());
      }
      palettes.get(palettes.size() - 1).put(found.group(1), Integer.parseInt(found.group(2), 16));
    }
    return palettes;
  }

  private static double luminance(int colour) {
    return 0.2126 * part(colour >> 16) + 0.7152 * part(colour >> 8) + 0.0722 * part(colour);
  }

  private static double part(int bits) {
    double value = (bits & 0xff) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static double contrast(int one, int other) {
    double lighter = Math.max(luminance(one), luminance(other));
    double darker = Math.min(luminance(one), luminance(other));
    return (lighter + 0.05) / (darker + 0.05);
  }

  @Test
  void textCanBeReadOnEveryGroundInEveryPalette() throws IOException {
    for (Map<String, Integer> palette : palettes()) {
      List<String[]> pairs = new ArrayList<>();
      TEXTS.forEach(text -> GROUNDS.forEach(ground -> pairs.add(new String[] {text, ground})));
      List.of("ok", "warn", "bad", "off")
          .forEach(state -> pairs.add(new String[] {state, state + "-weak"}));
      pairs.add(new String[] {"accent", "accent-weak"});
      pairs.add(new String[] {"on-accent", "accent"});
      for (String[] pair : pairs) {
        assertThat(contrast(palette.get(pair[0]), palette.get(pair[1])))
            .as("%s on %s", pair[0], pair[1])
            .isGreaterThanOrEqualTo(WANTED);
      }
    }
  }

  @Test
  void darkIsTheSameByChoiceAndByTheSystem() throws IOException {
    assertThat(palettes()).hasSize(3);
    assertThat(palettes().get(1)).isEqualTo(palettes().get(2));
  }
}
