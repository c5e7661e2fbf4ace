package io.waybill.camel;

/** Hears of flows that are held and go on. Must not block or throw. */
public interface HoldListener {
  /** Hears nothing. */
  HoldListener NONE =
      new HoldListener() {
        @Override
        public void held(FlowHold hold) {}

        @Override
        public void released(String flow) {}
      };

  /** A flow is held, or is so for another reason now. */
  void held(FlowHold hold);

  /** A flow goes on. */
  void released(String flow);
}
