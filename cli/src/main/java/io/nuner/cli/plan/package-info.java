/** {@code nuner plan}: prints how many replicas a load needs. */
@NullMarked
package io.nuner.cli.plan;

import org.jspecify.annotations.NullMarked;
