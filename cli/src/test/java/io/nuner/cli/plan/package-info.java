@NullMarked
package io.nuner.cli.plan;

import org.jspecify.annotations.NullMarked;
