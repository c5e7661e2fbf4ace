package io.waybill.secret;

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
  public boolean refused(Credential credential) {
    return false;
  }
}
