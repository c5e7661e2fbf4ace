package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who fills in Keycloak's pages as a browser would. Used by one thread. */
public final class KeycloakPages {
  private static final Pattern FORM =
      Pattern.compile("<form[^>]*action=\"([^\"]+)\".*?</form>", Pattern.DOTALL);
  private static final Pattern INPUT = Pattern.compile("<(?:input|button)[^>]*>");
  private static final int MOST_PAGES = 12;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final String name;
  private final String password;
  private final String realm;

  /** Somebody with this name and password. */
  public KeycloakPages(TestKeycloak keycloak, String name, String password) {
    this.realm = keycloak.address();
    this.name = name;
    this.password = password;
  }

  /**
   * Goes there, says yes to what is asked, and stops where it leaves Keycloak.
   *
   * @return where it is sent to, or empty if it ends at a page of Keycloak's
   */
  public Optional<URI> go(URI place) {
    HttpRequest.Builder next = HttpRequest.newBuilder(place).GET();
    URI here = place;
    for (int i = 0; i < MOST_PAGES; i++) {
      HttpResponse<String> page = send(next);
      Optional<String> location = page.headers().firstValue("Location");
      if (location.isPresent()) {
        here = here.resolve(location.get());
        if (!here.toString().startsWith(realm)) {
          return Optional.of(here);
        }
        next = HttpRequest.newBuilder(here).GET();
        continue;
      }
      Matcher form = FORM.matcher(page.body());
      if (!form.find()) {
        return Optional.empty();
      }
      here = here.resolve(form.group(1).replace("&amp;", "&"));
      next =
          HttpRequest.newBuilder(here)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(filled(form.group())));
    }
    throw new IllegalStateException("there is no end of pages");
  }

  private String filled(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher input = INPUT.matcher(form);
    while (input.find()) {
      String field = attribute(input.group(), "name");
      if (!field.isEmpty() && !field.equals("cancel") && !field.equals("rememberMe")) {
        fields.put(field, attribute(input.group(), "value"));
      }
    }
    fields.computeIfPresent("username", (field, empty) -> name);
    fields.computeIfPresent("password", (field, empty) -> password);
    return fields.entrySet().stream()
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static String attribute(String tag, String attribute) {
    Matcher found = Pattern.compile("\\b" + attribute + "=\"([^\"]*)\"").matcher(tag);
    return found.find() ? found.group(1).replace("&amp;", "&") : "";
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(each -> each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      for (String cookie : response.headers().allValues("Set-Cookie")) {
        String pair = cookie.split(";", 2)[0];
        cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
