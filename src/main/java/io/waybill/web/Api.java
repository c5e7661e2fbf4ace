package io.waybill.web;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.waybill.control.Authentication;
import java.util.ArrayList;
import java.util.List;

/** The API: its endpoints, and how they are reached. */
final class Api implements AutoCloseable {
  static final String BASE = "/api/v1";

  /** A file with mended records is the largest that is sent. */
  static final long MAX_BODY = 16 << 20;

  private static final int ORDER_WORKERS = 4;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Watchers watchers;
  private final OrderLog orders;
  private final Recent recent = new Recent();
  private final Permit permit;

  Api(Desk desk, Authentication authentication) {
    this.permit = new Permit(desk.permissions(), desk.listings());
    this.watchers = new Watchers(desk.serving(), permit, authentication);
    this.orders = new OrderLog(desk.orders());
    Tables tables = new Tables(desk.listings());
    endpoints.addAll(new SiteEndpoints(desk, permit, tables).all());
    endpoints.addAll(new FlowEndpoints(desk, permit, tables).all());
    endpoints.addAll(new RunEndpoints(desk.listings(), permit, tables).all());
    endpoints.addAll(new LetterEndpoints(desk, orders, permit, tables).all());
    endpoints.addAll(new TriggerEndpoints(desk.listings(), orders, permit, tables).all());
    endpoints.addAll(new OrderEndpoints(orders, permit, tables).all());
    endpoints.addAll(new GoverningEndpoints(desk.listings(), desk.permissions(), orders).all());
    endpoints.addAll(new AuditEndpoints(desk.listings()).all());
  }

  /** What is answered. */
  List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  void mount(Vertx vertx, Router router) {
    WorkerExecutor ordering = vertx.createSharedWorkerExecutor("waybill-api-orders", ORDER_WORKERS);
    router
        .route(HttpMethod.POST, BASE + "/*")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    for (Endpoint endpoint : endpoints) {
      router
          .route(endpoint.method(), endpoint.route())
          .handler(context -> answer(context, endpoint, vertx, ordering));
    }
    byte[] document = Answering.json(OpenApi.document(endpoints));
    router
        .get(BASE + "/openapi.json")
        .handler(context -> Answering.tagged(context, Answering.JSON, document));
    watchers.mount(vertx, router);
  }

  private void answer(
      RoutingContext context, Endpoint endpoint, Vertx vertx, WorkerExecutor ordering) {
    Request request = Request.of(context, endpoint);
    if (endpoint.isOrder()) {
      var unused =
          ordering
              .executeBlocking(() -> bytes(endpoint, request), false)
              .onComplete(done -> recent.forget())
              .onSuccess(bytes -> Answering.send(context, 200, Answering.JSON, bytes))
              .onFailure(context::fail);
    } else {
      var unused =
          recent
              .get(
                  request.caller().who(),
                  context.request().uri(),
                  () -> vertx.executeBlocking(() -> bytes(endpoint, request), false))
              .onSuccess(bytes -> Answering.tagged(context, Answering.JSON, bytes))
              .onFailure(context::fail);
    }
  }

  private byte[] bytes(Endpoint endpoint, Request request) throws java.io.IOException {
    permit.check(endpoint, request);
    return Answering.json(endpoint.call().answer(request));
  }

  @Override
  public void close() {
    watchers.close();
    orders.close();
  }
}
