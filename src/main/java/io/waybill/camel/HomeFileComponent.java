package io.waybill.camel;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.GenericFileEndpoint;

/** Camel's {@code file:} with relative folders below Waybill's home, wherever the process runs. */
public final class HomeFileComponent extends FileComponent {
  private final Path home;

  public HomeFileComponent(Path home) {
    this.home = home;
  }

  @Override
  protected GenericFileEndpoint<File> buildFileEndpoint(
      String uri, String remaining, Map<String, Object> parameters) throws Exception {
    boolean dynamic = remaining.contains("${") || remaining.contains("$simple{");
    String folder = dynamic ? remaining : home.resolve(remaining).normalize().toString();
    GenericFileEndpoint<File> endpoint = super.buildFileEndpoint(uri, folder, parameters);
    // Camel waits a second before it looks for the first time; initialDelay= in the URI still
    // counts
    endpoint.setInitialDelay(0);
    return endpoint;
  }

  /** A file that is read and left where it is comes again when it grew or was overwritten. */
  @Override
  protected void afterPropertiesSet(GenericFileEndpoint<File> endpoint) throws Exception {
    super.afterPropertiesSet(endpoint);
    if (endpoint.isNoop() && endpoint.getIdempotentKey() == null) {
      endpoint.setIdempotentKey("${file:name}-${file:size}-${file:modified}");
    }
  }
}
