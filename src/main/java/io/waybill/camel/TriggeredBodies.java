package io.waybill.camel;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of bodies in the spool that have none of their own. They tell the trigger that brought
 * them, so that a crash between spooling a body and its run does not part the two.
 */
final class TriggeredBodies {
  private static final Pattern TRIGGERED =
      Pattern.compile("trigger-(\\d{8}-\\d{6}-[0-9a-z]{6})-.*");
  private static final int SHORT = 8;

  private TriggeredBodies() {}

  /** A new name; the trigger may be empty. */
  static String newId(String trigger) {
    String unique = UUID.randomUUID().toString();
    return trigger.isEmpty()
        ? "message-" + unique
        : "trigger-%s-%s".formatted(trigger, unique.substring(0, SHORT));
  }

  /** The trigger that a body of this name belongs to; empty for none. */
  static String triggerOf(String id) {
    Matcher matcher = TRIGGERED.matcher(id);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
