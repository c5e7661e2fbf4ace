package io.waybill.batch.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.batch.BatchWriter;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] PIECES = {
    "\\", "\"", "\n", "\r", "{", "}", "[", "]", ",", "plain words of some length", "ä", "\t", "x"
  };

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = i + text(random);
      switch (random.nextInt(depth > 0 ? 4 : 2)) {
        case 0 -> object.put(name, text(random));
        case 1 -> object.put(name, random.nextInt());
        case 2 -> object.set(name, object(random, depth - 1));
        default -> object.putArray(name).add(text(random)).add(object(random, depth - 1));
      }
    }
    return object;
  }

  private static String written(JsonNode node, Random random) throws IOException {
    return random.nextBoolean()
        ? JSON.writeValueAsString(node)
        : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  private static List<String> copied(String text, String fields) throws IOException {
    try (BatchWriter out = new BatchWriter(new SegmentPool(0))) {
      int count =
          new JsonObjects()
              .copy(
                  text.getBytes(StandardCharsets.UTF_8),
                  fields.getBytes(StandardCharsets.UTF_8),
                  out);
      assertThat(out.rows()).isEqualTo(count);
      String all = new String(out.finish(0, 1).payload().toByteArray(), StandardCharsets.UTF_8);
      assertThat(all.isEmpty() || all.endsWith("\n")).isTrue();
      return all.lines().toList();
    }
  }

  @Property
  void whateverTheObjectsAreEachIsALineThatMeansTheSame(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    List<ObjectNode> objects = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean array = random.nextBoolean();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      ObjectNode object = object(random, 2);
      text.append(text.isEmpty() ? "" : array ? "," : " ").append(written(object, random));
      objects.add(object);
    }
    boolean fields = random.nextBoolean();
    List<String> lines =
        copied(array ? "\n[" + text + "]" : text.toString(), fields ? "\"_a\":1" : "");
    assertThat(lines).hasSameSizeAs(objects);
    for (int i = 0; i < lines.size(); i++) {
      ObjectNode expected = objects.get(i);
      if (fields) {
        expected.put("_a", 1);
      }
      assertThat(JSON.readTree(lines.get(i))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "\"a\"",
        "[]",
        "[1]",
        "{",
        "{\"a\":\"",
        "{\"a\":\"\\",
        "{\"a\":\"\\\"}",
        "{\"a\":1}x",
        "[{\"a\":1},]",
        "[{\"a\":1}",
        "[{\"a\":1}]{",
        "{\"a\":\"12345678901\\"
      })
  void whatIsNoObjectIsNotCopied(String text) throws IOException {
    assertThat(copied(text, "")).isEmpty();
  }
}
