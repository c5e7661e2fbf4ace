package io.waybill.camel.objects;

import io.waybill.camel.FlowHolds;
import io.waybill.delivery.Failure;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.component.aws2.s3.AWS2S3Consumer;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Offers the objects of a bucket one after the other, all of them in each poll. Camel's own opens
 * all objects of a page before the first is read, and a bucket whose objects stay is never read
 * beyond the first page where S3 does not name the next one.
 */
final class ObjectConsumer extends AWS2S3Consumer {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectConsumer.class);
  private final FlowHolds holds;

  ObjectConsumer(AWS2S3Endpoint endpoint, Processor processor, FlowHolds holds) {
    super(endpoint, processor);
    this.holds = holds;
  }

  @Override
  protected int poll() throws Exception {
    shutdownRunningTask = null;
    pendingExchanges = 0;
    try {
      int offered = isDone() ? offerAll() : 0;
      forceConsumerAsReady();
      return offered;
    } catch (S3Exception e) {
      Failure failure = S3Holds.denied(e, getConfiguration().getBucketName()).orElseThrow(() -> e);
      ServiceHelper.suspendService(this);
      holds.hold(getRoute().getRouteId(), failure);
      return 0;
    }
  }

  /** With doneFileName nothing is read before that object is there. */
  private boolean isDone() {
    String name = getConfiguration().getDoneFileName();
    if (name == null) {
      return true;
    }
    try {
      return head(name) != null;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private HeadObjectResponse head(String key) {
    return getAmazonS3Client()
        .headObject(
            HeadObjectRequest.builder()
                .bucket(getConfiguration().getBucketName())
                .key(key)
                .build());
  }

  private int offerAll() throws Exception {
    String only = getConfiguration().getFileName();
    int offered = 0;
    for (S3Object object : only == null ? listed() : one(only)) {
      if (!isBatchAllowed()) {
        break;
      }
      if (!isFolder(object)) {
        offer(object);
        offered++;
      }
    }
    return offered;
  }

  private Iterable<S3Object> listed() {
    AWS2S3Configuration options = getConfiguration();
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(options.getBucketName());
    if (options.getPrefix() != null) {
      request.prefix(options.getPrefix());
    }
    if (options.getDelimiter() != null) {
      request.delimiter(options.getDelimiter());
    }
    return getAmazonS3Client().listObjectsV2Paginator(request.build()).contents();
  }

  private List<S3Object> one(String key) {
    try {
      HeadObjectResponse head = head(key);
      return List.of(
          S3Object.builder()
              .key(key)
              .size(head.contentLength())
              .eTag(head.eTag())
              .lastModified(head.lastModified())
              .build());
    } catch (NoSuchKeyException e) {
      return List.of();
    }
  }

  /** What tools leave in a bucket to show a folder. */
  private boolean isFolder(S3Object object) {
    return object.size() == 0 && object.key().endsWith("/");
  }

  private void offer(S3Object object) throws Exception {
    Exchange exchange = createExchange(true);
    Message message = exchange.getIn();
    message.setBody(new ObjectBody(getAmazonS3Client(), request(object), object));
    message.setHeader(Exchange.FILE_NAME, object.key());
    message.setHeader(AWS2S3Constants.KEY, object.key());
    message.setHeader(AWS2S3Constants.BUCKET_NAME, getConfiguration().getBucketName());
    message.setHeader(AWS2S3Constants.E_TAG, object.eTag());
    message.setHeader(AWS2S3Constants.CONTENT_LENGTH, object.size());
    message.setHeader(AWS2S3Constants.LAST_MODIFIED, object.lastModified());
    exchange.setProperty(AWS2S3Constants.E_TAG, object.eTag());
    Queue<Object> queue = new ArrayDeque<>(List.of(exchange));
    var unused = processBatch(queue);
  }

  private GetObjectRequest request(S3Object object) {
    AWS2S3Configuration options = getConfiguration();
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(options.getBucketName()).key(object.key());
    if (options.isUseCustomerKey()) {
      request
          .sseCustomerKey(options.getCustomerKeyId())
          .sseCustomerKeyMD5(options.getCustomerKeyMD5())
          .sseCustomerAlgorithm(options.getCustomerAlgorithm());
    }
    return request.build();
  }

  /** What was replaced while it was delivered was not read, and stays. */
  @Override
  protected void processCommit(Exchange exchange) {
    AWS2S3Configuration options = getConfiguration();
    if (!options.isDeleteAfterRead() && !options.isMoveAfterRead()) {
      return;
    }
    String key = exchange.getIn().getHeader(AWS2S3Constants.KEY, String.class);
    try {
      String now = head(key).eTag();
      if (now != null && !now.equals(exchange.getProperty(AWS2S3Constants.E_TAG))) {
        LOG.info("flow {}: {} was replaced and stays", getRoute().getRouteId(), key);
        return;
      }
    } catch (S3Exception e) {
      LOG.warn(
          "flow {}: {} is delivered and cannot be taken away: {}",
          getRoute().getRouteId(),
          key,
          e.getMessage());
      return;
    }
    super.processCommit(exchange);
  }
}
