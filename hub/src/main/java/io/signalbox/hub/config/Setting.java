package io.signalbox.hub.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One setting: a component of a settings record. The component's name is the setting's name, with
 * its unit in it ({@code heartbeatSeconds}) unless the type is {@code Duration}. On a component
 * that is itself a settings record, only {@link #doc} counts.
 *
 * <p>Types: {@code int}, {@code long}, {@code double}, {@code boolean}, {@code String}, {@code
 * Path}, {@code Duration}, {@link AddressRanges} and enums. All texts are in the notation of the
 * command line.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The default; empty: none, the component is then null. */
  String value() default "";

  /** What it is, in one sentence. */
  String doc();

  /** What is allowed, both ends included: {@code 0..65535}, {@code 1s..1h}, {@code 1..}. */
  String range() default "";

  /** The regular expression that a whole {@code String} must match. */
  String pattern() default "";

  /** A secret is masked when printed and has no flag: a command line is read by everybody. */
  boolean secret() default false;
}
