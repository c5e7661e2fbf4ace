package io.waybill.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a small YAML file as nodes that know their lines; nothing of it is made into objects.
 * Anchors, aliases and tags are refused, as are size and depth that no policy has: a file of a few
 * bytes can mean gigabytes otherwise.
 */
final class YamlDocument {
  private static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 16;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel(Decision.FILE)
          .setCodePointLimit(LARGEST)
          .setMaxAliasesForCollections(0)
          .build();

  private YamlDocument() {}

  /** The text of a file. */
  static String text(byte[] file) throws RefusedException {
    if (file.length > LARGEST) {
      throw new RefusedException(0, "is larger than a policy may be: " + LARGEST + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(0, "is not UTF-8; save it as that");
    }
  }

  /** The document of this text; empty if there is nothing in it. */
  static Optional<Node> read(String text) throws RefusedException {
    try {
      refuseBombs(text);
      return new Compose(SETTINGS).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
      throw new RefusedException(line, "is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new RefusedException(0, "is no YAML: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  /** The events of the parser come one by one, without recursion: whatever is in the text. */
  private static void refuseBombs(String text) throws RefusedException {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
      if (event instanceof AliasEvent
          || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
        throw new RefusedException(line, "anchors and aliases are not read; write it out");
      }
      if ((event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
          || (event instanceof CollectionStartEvent start && start.getTag().isPresent())) {
        throw new RefusedException(line, "tags are not read; leave the !.. out");
      }
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw new RefusedException(line, "is nested deeper than a policy may be: " + DEEPEST);
      }
      if (event.getEventId() == Event.ID.MappingEnd || event.getEventId() == Event.ID.SequenceEnd) {
        depth--;
      }
    }
  }

  /** The file cannot be read as YAML at all. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    RefusedException(int line, String message) {
      super(message);
      this.line = line;
    }

    PolicyProblem problem() {
      return new PolicyProblem(line, getMessage());
    }
  }
}
