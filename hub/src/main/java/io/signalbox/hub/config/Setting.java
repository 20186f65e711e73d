package io.signalbox.hub.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting: a component of a settings record. The component's name is the setting's name, with its
 * unit ({@code heartbeatSeconds}) unless the type is {@code Duration}. On a component that is
 * itself a settings record, only {@link #doc} is used.
 *
 * <p>Types: {@code int}, {@code long}, {@code double}, {@code boolean}, {@code String}, {@code
 * Path}, {@code Duration}, {@link AddressRanges} and enums. All texts are in command line notation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The default; empty for none, the component is then null. */
  String value() default "";

  /** Description in one sentence. */
  String doc();

  /** Allowed range, both ends included: {@code 0..65535}, {@code 1s..1h}, {@code 1..}. */
  String range() default "";

  /** Regular expression that the whole {@code String} must match. */
  String pattern() default "";

  /** A secret is masked when printed and has no flag, because others can read a command line. */
  boolean secret() default false;
}
