package io.waybill.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Keys and values of one part of the file; whatever does not fit becomes a problem. */
final class Section {
  private final String path;
  private final int line;
  private final Problems problems;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

  private Section(String path, int line, Problems problems) {
    this.path = path;
    this.line = line;
    this.problems = problems;
  }

  /**
   * The part that a node is.
   *
   * @param path how a person finds it, as {@code roles.developer}; empty for the whole file
   * @param line where it begins
   */
  static Section of(Node node, String path, int line, Problems problems) {
    Section section = new Section(path, line, problems);
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(section::put);
    } else {
      problems.add(line, section.named("must have keys with values, as in key: value"));
    }
    return section;
  }

  private void put(NodeTuple entry) {
    int at = lineOf(entry.getKeyNode());
    Optional<String> key = text(entry.getKeyNode());
    if (key.isEmpty()) {
      problems.add(at, named("a key must be a word"));
    } else if (entries.putIfAbsent(key.get(), entry) != null) {
      problems.add(at, named("'%s' stands there twice; keep one".formatted(key.get())));
    }
  }

  /** Reports every other key. */
  Section knows(String... keys) {
    entries.forEach(
        (key, entry) -> {
          if (!List.of(keys).contains(key)) {
            problems.add(
                lineOf(entry.getKeyNode()),
                named("there is no key '%s'%s".formatted(key, Nearest.hint(key, List.of(keys)))));
          }
        });
    return this;
  }

  int line() {
    return line;
  }

  /** The line of a key, or of the section if it is not there. */
  int lineOf(String key) {
    return entries.containsKey(key) ? lineOf(entries.get(key).getKeyNode()) : line;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The section of a key. */
  Optional<Section> section(String key) {
    return Optional.ofNullable(entries.get(key)).map(entry -> below(key, entry));
  }

  /** Each key with its section; keys that are no names are problems. */
  void eachSection(BiConsumer<String, Section> action) {
    entries.forEach(
        (key, entry) -> {
          if (key.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            action.accept(key, below(key, entry));
          } else {
            problems.add(
                lineOf(entry.getKeyNode()),
                named("'%s' is no name; names have letters, digits, _ and -".formatted(key)));
          }
        });
  }

  /** Each key with its text. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    entries.keySet().forEach(key -> text(key).ifPresent(text -> texts.put(key, text.value())));
    return texts;
  }

  private Section below(String key, NodeTuple entry) {
    return of(entry.getValueNode(), child(key), lineOf(entry.getKeyNode()), problems);
  }

  /** A single value. */
  Optional<Lined<String>> text(String key) {
    return value(key, text -> text);
  }

  /** A single value of a type; the parser's IllegalArgumentException tells how it is written. */
  <T> Optional<Lined<T>> value(String key, Function<String, T> parser) {
    NodeTuple entry = entries.get(key);
    return entry == null ? Optional.empty() : parsed(child(key), entry.getValueNode(), parser);
  }

  /** True or false. */
  Optional<Lined<Boolean>> flag(String key) {
    return value(
        key,
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false");
          }
          return text.equals("true");
        });
  }

  /** A list of values; empty if the key is not there. */
  <T> List<Lined<T>> list(String key, Function<String, T> parser) {
    List<Lined<T>> values = new ArrayList<>();
    nodes(key).forEach(node -> parsed(child(key), node, parser).ifPresent(values::add));
    return values;
  }

  /** A list of sections. */
  List<Section> sections(String key) {
    return nodes(key).stream().map(node -> of(node, child(key), lineOf(node), problems)).toList();
  }

  private List<Node> nodes(String key) {
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      return List.of();
    }
    if (entry.getValueNode() instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems.add(lineOf(entry.getKeyNode()), child(key) + " must be a list, as in [one, other]");
    return List.of();
  }

  private <T> Optional<Lined<T>> parsed(String path, Node node, Function<String, T> parser) {
    Optional<String> text = text(node);
    if (text.isEmpty()) {
      problems.add(lineOf(node), path + " must have one value");
      return Optional.empty();
    }
    try {
      return Optional.of(new Lined<>(parser.apply(text.get()), lineOf(node)));
    } catch (IllegalArgumentException e) {
      problems.add(lineOf(node), path + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<String> text(Node node) {
    return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
        ? Optional.of(scalar.getValue().strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String named(String text) {
    return path.isEmpty() ? text : path + ": " + text;
  }
}
