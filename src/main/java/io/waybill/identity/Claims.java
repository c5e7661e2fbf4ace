package io.waybill.identity;

import io.waybill.policy.Identity;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The claims of a token as the policy knows them: texts by name. Of an object each field is a claim
 * of its own, {@code realm_access.roles}.
 */
final class Claims {
  private static final int DEEPEST = 4;
  private static final int LONGEST_NAME = 200;

  private Claims() {}

  /**
   * Whom they name.
   *
   * @param nameClaim claim with the name; that or {@code sub}
   * @throws RefusedTokenException if that is no name
   */
  static Identity identity(Map<String, Object> claims, String nameClaim)
      throws RefusedTokenException {
    Object name = claims.get(nameClaim);
    String text = name instanceof String given ? given : String.valueOf(claims.get("sub"));
    if (text.isBlank()
        || text.length() > LONGEST_NAME
        || text.chars().anyMatch(each -> Character.isISOControl(each))) {
      throw new RefusedTokenException("its claim %s is no name".formatted(nameClaim));
    }
    Map<String, Set<String>> flat = new TreeMap<>();
    claims.forEach((key, value) -> add(flat, key, value, 0));
    flat.replaceAll((key, values) -> Set.copyOf(values));
    return Identity.oidc(text, flat);
  }

  private static void add(Map<String, Set<String>> flat, String name, Object value, int depth) {
    if (value instanceof Map<?, ?> object && depth < DEEPEST) {
      object.forEach((key, inner) -> add(flat, name + "." + key, inner, depth + 1));
    } else if (value instanceof Collection<?> list) {
      list.forEach(each -> add(flat, name, each, DEEPEST));
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      flat.computeIfAbsent(name, any -> new TreeSet<>()).add(value.toString());
    }
  }
}
