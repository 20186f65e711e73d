package io.signalbox.types.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitCodesTest {
  @ParameterizedTest
  @CsvSource({
    "degreeCelsius, Cel",
    "dtmi:standard:unit:degreeCelsius;2, Cel",
    "om:degree_Celsius, Cel",
    "http://qudt.org/vocab/unit/DEG_C, Cel",
    "°C, Cel",
    "Cel, Cel",
    "kilowattHour, kW.h",
    "cubicMetrePerHour, m3/h",
    "m³/h, m3/h",
    "revolutionPerMinute, {rev}/min",
    "percent, %",
    "L/min, L/min"
  })
  void a_unit_has_a_code(String unit, String code) {
    assertThat(UnitCodes.of(unit)).isEqualTo(code);
  }

  @Test
  void an_unknown_unit_has_none() {
    assertThat(UnitCodes.of("furlong")).isNull();
    assertThat(UnitCodes.isPlain("furlong")).isTrue();
    assertThat(UnitCodes.isPlain("ex:furlong")).isFalse();
  }
}
