package io.waybill.camel.objects;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket. */
final class ObjectEndpoint extends AWS2S3Endpoint {
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

  /** The SDK says nothing where S3 answers without a body. */
  @Override
  public void doStart() throws Exception {
    try {
      super.doStart();
    } catch (S3Exception e) {
      throw S3Holds.denied(e, getConfiguration().getBucketName())
          .map(failure -> new IllegalStateException(failure.summary() + "; " + failure.remedy(), e))
          .orElseThrow(() -> e);
    }
  }
}
