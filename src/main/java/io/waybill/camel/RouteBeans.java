package io.waybill.camel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which beans of the registry a route file brought, so that they go with it: data sources are
 * closed. Used by one thread at a time.
 */
final class RouteBeans {
  private static final Logger LOG = LoggerFactory.getLogger(RouteBeans.class);
  private final CamelContext context;
  private final Map<String, String> owners = new HashMap<>();

  RouteBeans(CamelContext context) {
    this.context = context;
  }

  /** The beans that are there, each by the types that it is bound as; nothing is made for that. */
  Map<String, Map<?, ?>> seen() {
    Map<String, Map<?, ?>> beans = new HashMap<>();
    for (Registry part : parts()) {
      if (part instanceof Map<?, ?> bound) {
        bound.forEach(
            (name, types) ->
                beans.put(String.valueOf(name), new LinkedHashMap<>((Map<?, ?>) types)));
      }
    }
    return beans;
  }

  /**
   * Notes the beans that were added since as those of a file.
   *
   * @throws IllegalArgumentException if it took the name of a bean that is not its own
   */
  Set<String> claim(String file, Map<String, Map<?, ?>> before) {
    Set<String> added = new TreeSet<>();
    Map<String, Map<?, ?>> now = seen();
    for (Map.Entry<String, Map<?, ?>> bean : now.entrySet()) {
      Map<?, ?> was = before.get(bean.getKey());
      if (was == null) {
        added.add(bean.getKey());
      } else if (!isSame(was, bean.getValue())) {
        throw new IllegalArgumentException(
            "the bean '%s' is that of %s already; give it another name"
                .formatted(
                    bean.getKey(),
                    owners.getOrDefault(bean.getKey(), "Waybill or application.properties")));
      }
    }
    added.forEach(name -> owners.put(name, file));
    return added;
  }

  private static boolean isSame(Map<?, ?> was, Map<?, ?> is) {
    return was.size() == is.size()
        && is.entrySet().stream().allMatch(each -> was.get(each.getKey()) == each.getValue());
  }

  /** Takes back what a file did since. */
  void restore(Map<String, Map<?, ?>> before) {
    Map<String, Map<?, ?>> now = seen();
    for (Map.Entry<String, Map<?, ?>> bean : now.entrySet()) {
      Map<?, ?> was = before.get(bean.getKey());
      if (was == null) {
        release(Set.of(bean.getKey()));
      } else if (!isSame(was, bean.getValue())) {
        Registry own = parts().get(0);
        own.unbind(bean.getKey());
        was.forEach((type, value) -> own.bind(bean.getKey(), (Class<?>) type, value));
        bean.getValue().values().stream()
            .filter(each -> !was.containsValue(each))
            .forEach(this::close);
      }
    }
  }

  /** Unbinds beans, and closes those that can be closed. */
  void release(Set<String> names) {
    for (String name : names) {
      Map<?, ?> bound = seen().getOrDefault(name, Map.of());
      owners.remove(name);
      context.getRegistry().unbind(name);
      bound.values().forEach(this::close);
    }
  }

  private void close(Object bean) {
    if (bean instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("a bean of a route file cannot be closed: {}", e.toString());
      }
    }
  }

  /** The owner of each bean. */
  Map<String, String> owners() {
    return Map.copyOf(owners);
  }

  /** Binds the bean of a file that is not loaded here. */
  void lend(String name, Object bean, String file) {
    context.getRegistry().bind(name, bean);
    owners.put(name, file);
  }

  private List<Registry> parts() {
    DefaultRegistry registry = context.getRegistry(DefaultRegistry.class);
    return List.of(registry.getFallbackRegistry(), registry.getSupplierRegistry());
  }
}
