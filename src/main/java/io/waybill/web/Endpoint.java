package io.waybill.web;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Something that the API answers: what routes the requests, and what the OpenAPI document says.
 *
 * @param method HTTP method
 * @param path path below {@code /api/v1}, with parts in braces
 * @param id name for programs
 * @param about what it does
 * @param params what can be given
 * @param body record that is sent, if one is
 * @param answer record that is answered
 * @param need what its caller must have the right to
 * @param call what answers; runs on a worker thread
 */
record Endpoint(
    HttpMethod method,
    String path,
    String id,
    String about,
    List<Param> params,
    Optional<Class<?>> body,
    Class<?> answer,
    Need need,
    Call call) {

  /** Answers a request; may block. */
  @FunctionalInterface
  interface Call {
    /**
     * The answer.
     *
     * @throws ProblemException if there is none
     */
    Object answer(Request request) throws IOException;
  }

  static Endpoint get(String path, String id, String about, Class<?> answer, Need need, Call call) {
    return new Endpoint(
        HttpMethod.GET, path, id, about, List.of(), Optional.empty(), answer, need, call);
  }

  static Endpoint post(
      String path, String id, String about, Class<?> body, Class<?> answer, Need need, Call call) {
    return new Endpoint(
        HttpMethod.POST, path, id, about, List.of(), Optional.of(body), answer, need, call);
  }

  Endpoint with(Param... given) {
    return new Endpoint(method, path, id, about, List.of(given), body, answer, need, call);
  }

  boolean isOrder() {
    return method.equals(HttpMethod.POST);
  }

  /** The path as the router writes it. */
  String route() {
    return Api.BASE + path.replaceAll("\\{([^/}]+)}", ":$1");
  }

  /** Names of what may stand behind the question mark. */
  List<String> queryNames() {
    return params.stream()
        .filter(param -> param.kind() != Param.Kind.PATH)
        .map(Param::name)
        .toList();
  }
}
