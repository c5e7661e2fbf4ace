package io.waybill.camel;

import io.waybill.batch.DataSize;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.delivery.Demand;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.PropertiesHelper;

/** The {@code waybill:} component. */
@Component("waybill")
public final class WaybillComponent extends DefaultComponent {
  private static final String SETTINGS = "settings.";
  private final WaybillServices services;
  private final List<WaybillProducer> own = new CopyOnWriteArrayList<>();
  private final Map<String, WaybillProducer> producers = new ConcurrentHashMap<>();

  public WaybillComponent(WaybillServices services) {
    this.services = services;
  }

  void started(String flow, WaybillProducer producer) {
    producers.put(flow, producer);
  }

  void stopped(String flow, WaybillProducer producer) {
    producers.remove(flow, producer);
  }

  /** Whether something of a flow is being delivered. */
  public boolean isDelivering(String flow) {
    return Optional.ofNullable(producers.get(flow))
        .map(producer -> producer.sources().isDelivering())
        .orElse(false);
  }

  /** Stops what delivers for a flow without its route, before that is taken out. */
  public synchronized void forget(String flow) {
    own.stream()
        .filter(producer -> producer.getRouteId().equals(flow))
        .forEach(ServiceHelper::stopService);
    own.removeIf(producer -> producer.getRouteId().equals(flow));
  }

  /**
   * Delivers a source that somebody asks for, by the producer of the flow's route or, while that is
   * not started, by one of its own.
   *
   * @param endpoint the flow's target
   * @throws io.waybill.delivery.HeldDeliveryException if it has to wait; the flow is held then
   * @throws io.waybill.delivery.RunFailedException if the run cannot go on
   */
  public RunResult deliver(
      String flow, WaybillEndpoint endpoint, FileSource source, Format format, Demand demand) {
    return started(flow, endpoint).sources().deliver(source, format, demand);
  }

  private synchronized WaybillProducer started(String flow, WaybillEndpoint endpoint) {
    WaybillProducer producer = producers.get(flow);
    if (producer == null || !producer.isStarted()) {
      producer = new WaybillProducer(endpoint, services);
      producer.setRouteId(flow);
      ServiceHelper.startService(producer);
      own.add(producer);
    }
    return producer;
  }

  @Override
  protected void doStop() throws Exception {
    ServiceHelper.stopService(own);
    super.doStop();
  }

  /**
   * What a consumer that brings ranges needs of its flow, whose producer was started before it.
   *
   * @throws IllegalStateException if there is no such flow
   */
  public StreamTarget streams(String flow) {
    return Optional.ofNullable(producers.get(flow))
        .orElseThrow(() -> new IllegalStateException("there is no flow " + flow))
        .streams();
  }

  /** Lets a failed run of a stream go on, with its flow. */
  public void goOn(String flow, String run) {
    services
        .ledger()
        .interrupt(
            run,
            "somebody wants it to go on",
            "it goes on with its flow",
            services.clock().instant());
    Route route = getCamelContext().getRoute(flow);
    if (route != null && route.getConsumer() instanceof StreamConsumer consumer) {
      consumer.reopen();
    }
  }

  /**
   * Lets a stream be delivered once more from where a run began.
   *
   * @param run a run of it
   * @param abandon whether batches in doubt are left as they are
   * @return the position that it begins at
   * @throws io.waybill.delivery.HeldDeliveryException if it has to wait
   * @throws io.waybill.delivery.RunFailedException if it cannot; nothing is changed then
   */
  public long again(WaybillEndpoint endpoint, RunOfStream run, boolean abandon) {
    Route route = getCamelContext().getRoute(run.flow());
    Optional<StreamConsumer> consumer =
        Optional.ofNullable(route == null ? null : route.getConsumer())
            .filter(each -> each instanceof StreamConsumer && ServiceHelper.isStarted(each))
            .map(StreamConsumer.class::cast);
    return new StreamsAgain(services.claims())
        .begin(run, abandon, started(run.flow(), endpoint), consumer);
  }

  /**
   * A run of a stream.
   *
   * @param id run id
   * @param location what people call its source
   */
  public record RunOfStream(String flow, String id, String sourceId, String location) {}

  /** Delivers what a crash or a hold left in the spool of a flow that was started. */
  public void deliverSpooled(String flow) {
    Optional.ofNullable(producers.get(flow))
        .ifPresent(producer -> producer.sources().deliverSpooled());
  }

  /**
   * How many files or messages the last poll of a flow found that are not taken up yet; empty if it
   * is not polled.
   */
  public OptionalLong waiting(String flow) {
    return Optional.ofNullable(producers.get(flow))
        .map(WaybillProducer::waiting)
        .orElse(OptionalLong.empty());
  }

  /** A message enters a flow: what its first steps may ask for is put on it. */
  public void begin(String flow, Exchange exchange) {
    Optional.ofNullable(producers.get(flow)).ifPresent(producer -> producer.begin(exchange));
  }

  /** Whether nothing that was collected of single messages is on its way. */
  public boolean isIdle() {
    return producers.values().stream().allMatch(WaybillProducer::isIdle);
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    getCamelContext()
        .getTypeConverterRegistry()
        .addTypeConverter(DataSize.class, String.class, new DataSizeConverter());
    PayloadConverters.addTo(getCamelContext().getTypeConverterRegistry());
    RemoteBody.addTo(getCamelContext().getTypeConverterRegistry());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    WaybillEndpoint endpoint = new WaybillEndpoint(uri, this, services, TableName.parse(remaining));
    endpoint
        .delivery()
        .setSettings(ServerSettings.of(PropertiesHelper.extractProperties(parameters, SETTINGS)));
    for (Object options : endpoint.options()) {
      setProperties(options, parameters);
    }
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
