package io.waybill.web.view;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a field of the API means. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface About {
  /** For people. */
  String value();

  /** Whether it may be null, or left out of a request. */
  boolean maybe() default false;

  /** Whether it is an instant, as RFC 3339 writes it. */
  boolean time() default false;
}
