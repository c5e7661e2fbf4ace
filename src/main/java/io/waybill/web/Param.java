package io.waybill.web;

/**
 * A parameter of an endpoint.
 *
 * @param name its name
 * @param kind what it may be
 * @param about what it means
 */
record Param(String name, Kind kind, String about) {
  /** What a parameter may be. */
  enum Kind {
    /** A part of the path. */
    PATH,
    TEXT,
    NUMBER,
    FLAG,
    TIME
  }

  static Param path(String name, String about) {
    return new Param(name, Kind.PATH, about);
  }

  static Param text(String name, String about) {
    return new Param(name, Kind.TEXT, about);
  }

  static Param number(String name, String about) {
    return new Param(name, Kind.NUMBER, about);
  }

  static Param flag(String name, String about) {
    return new Param(name, Kind.FLAG, about);
  }

  static Param time(String name, String about) {
    return new Param(name, Kind.TIME, about);
  }
}
