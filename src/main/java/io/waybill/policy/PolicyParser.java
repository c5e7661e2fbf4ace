package io.waybill.policy;

import io.waybill.policy.YamlDocument.RefusedException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads policy.yaml, and tells everything that is wrong with it. */
final class PolicyParser {
  private static final String VERSION = "version";
  private static final String ENVIRONMENTS = "environments";
  private static final String ROLES = "roles";
  private static final String FLOWS = "flows";
  private static final String DEFAULT_ROLE = "default-role";
  private final Problems problems = new Problems();

  Policy parse(byte[] file) {
    try {
      String text = YamlDocument.text(file);
      Optional<Node> node = YamlDocument.read(text);
      if (node.isPresent()) {
        Policy policy = policy(Section.of(node.get(), "", 1, problems), text, file);
        problems.throwIfAny();
        return policy;
      }
      problems.add(0, "is empty; write version, environments and roles, or remove it");
    } catch (RefusedException e) {
      problems.add(e.problem());
    }
    problems.throwIfAny();
    throw new IllegalStateException("a policy without problems was not read");
  }

  private Policy policy(Section top, String text, byte[] file) {
    top.knows(VERSION, ENVIRONMENTS, ROLES, FLOWS);
    version(top);
    List<Environment> environments = environments(top);
    List<String> names = environments.stream().map(Environment::name).toList();
    List<Role> roles = roles(top, names);
    return new Policy(
        text,
        sha256(file),
        new Policy.Places(top.lineOf(ENVIRONMENTS), top.lineOf(ROLES)),
        environments,
        roles,
        defaultRole(top, roles.stream().map(Role::name).toList()));
  }

  private void version(Section top) {
    if (!top.has(VERSION)) {
      problems.add(1, "needs version: 1");
    }
    top.text(VERSION)
        .filter(version -> !version.value().equals("1"))
        .ifPresent(
            version -> problems.add(version.line(), "version: this Waybill reads version 1"));
  }

  private List<Environment> environments(Section top) {
    List<Environment> environments = new ArrayList<>();
    EnvironmentParser parser = new EnvironmentParser(problems);
    if (!top.has(ENVIRONMENTS)) {
      problems.add(top.line(), "needs environments:, with the tables of each");
    }
    top.section(ENVIRONMENTS)
        .ifPresent(
            section ->
                section.eachSection((name, each) -> environments.add(parser.parse(name, each))));
    return environments;
  }

  private List<Role> roles(Section top, List<String> environments) {
    List<Role> roles = new ArrayList<>();
    RoleParser parser = new RoleParser(environments, problems);
    if (!top.has(ROLES)) {
      problems.add(top.line(), "needs roles:, with what each may do");
    }
    top.section(ROLES)
        .ifPresent(
            section -> section.eachSection((name, each) -> roles.add(parser.parse(name, each))));
    return roles;
  }

  private Optional<Lined<String>> defaultRole(Section top, List<String> roles) {
    return top.section(FLOWS)
        .flatMap(
            flows ->
                flows
                    .knows(DEFAULT_ROLE)
                    .value(
                        DEFAULT_ROLE,
                        name -> {
                          if (!roles.contains(name)) {
                            throw new IllegalArgumentException(
                                "there is no role '%s'%s"
                                    .formatted(name, Nearest.hint(name, roles)));
                          }
                          return name;
                        }));
  }

  static String sha256(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
