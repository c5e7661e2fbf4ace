package io.waybill.camel.objects;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket. */
final class ObjectEndpoint extends AWS2S3Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectEndpoint.class);

  ObjectEndpoint(String uri, ObjectComponent component, AWS2S3Configuration configuration) {
    super(uri, component, configuration);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    ObjectConsumer consumer =
        new ObjectConsumer(this, processor, ((ObjectComponent) getComponent()).holds());
    configureConsumer(consumer);
    return consumer;
  }

  /**
   * The SDK says nothing where S3 answers without a body. A server that is away now is there for a
   * later poll: the route file is none the worse for it.
   */
  @Override
  public void doStart() throws Exception {
    try {
      super.doStart();
    } catch (S3Exception e) {
      throw S3Holds.denied(e, getConfiguration().getBucketName())
          .map(failure -> new IllegalStateException(failure.summary() + "; " + failure.remedy(), e))
          .orElseThrow(() -> e);
    } catch (SdkClientException e) {
      LOG.warn(
          "{} cannot be reached yet: {}", URISupport.sanitizeUri(getEndpointUri()), e.getMessage());
    }
  }
}
