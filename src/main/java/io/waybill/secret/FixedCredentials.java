package io.waybill.secret;

import java.util.Optional;

/** A credential that never changes. */
record FixedCredentials(Credential current) implements Credentials {

  @Override
  public Use use() {
    return new Use() {
      @Override
      public Credential credential() {
        return current;
      }

      @Override
      public void close() {
        // nobody waits for it
      }
    };
  }

  @Override
  public Optional<Known> known() {
    return current.user().isEmpty()
        ? Optional.empty()
        : Optional.of(new Known(current.user(), Optional.empty()));
  }

  @Override
  public boolean refused(Credential credential) {
    return false;
  }
}
