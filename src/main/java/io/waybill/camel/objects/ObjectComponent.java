package io.waybill.camel.objects;

import io.waybill.camel.FlowHolds;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.spi.annotations.Component;

/** Camel's {@code aws2-s3:}, with a consumer that fetches only what is not known yet. */
@Component("aws2-s3")
public final class ObjectComponent extends AWS2S3Component {
  private static final String NAME = "aws2-s3";
  private final FlowHolds holds;

  /**
   * For the flows of a home.
   *
   * @param holds flows that wait
   */
  public ObjectComponent(FlowHolds holds) {
    this.holds = holds;
  }

  /** Takes the place of Camel's component, with what was configured for it. */
  public void replaceIn(CamelContext context) {
    if (context.hasComponent(NAME) != null) {
      setConfiguration(context.getComponent(NAME, AWS2S3Component.class).getConfiguration());
      context.removeComponent(NAME);
    }
    context.addComponent(NAME, this);
  }

  FlowHolds holds() {
    return holds;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    AWS2S3Configuration configuration =
        ((AWS2S3Endpoint) super.createEndpoint(uri, remaining, parameters)).getConfiguration();
    ObjectEndpoint endpoint = new ObjectEndpoint(uri, this, configuration);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
