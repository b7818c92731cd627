package wherefore.model.onnx;

import java.util.function.IntConsumer;

/**
 * Makes float_data and double_data of a file's weights raw_data, by changing one byte each. Packed
 * numbers are little-endian in both fields; those of the first would be copied while they are
 * parsed, and once more afterwards, and the last are only looked at.
 *
 * <p>Whatever is not as expected stays as it is: what is wrong with it is the parser's to say.
 */
final class PackedNumbers {
  private static final int FLOATS = tag(4);
  private static final int RAW = tag(9);
  private static final int DOUBLES = tag(10);

  private static final int MODEL_GRAPH = tag(7);
  private static final int GRAPH_NODE = tag(1);
  private static final int GRAPH_INITIALIZER = tag(5);
  private static final int NODE_ATTRIBUTE = tag(5);
  private static final int ATTRIBUTE_TENSOR = tag(5);
  private static final int TENSOR_TYPE = 2 << 3;

  private final byte[] bytes;
  private int at;

  private PackedNumbers(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The tag of a field that has a length. */
  private static int tag(int field) {
    return field << 3 | 2;
  }

  /** Changes the tags in a model's bytes. */
  static void relabel(byte[] model) {
    try {
      new PackedNumbers(model).model();
    } catch (IndexOutOfBoundsException e) {
      // the file is cut off, or lies about lengths
    }
  }

  @FunctionalInterface
  private interface Field {
    void read(int tag, int end);
  }

  /** Visits the fields up to a place; each is left behind whatever the visitor did. */
  private void fields(int end, Field field) {
    while (at < end) {
      long tag = varint();
      int stop = stop(tag, end);
      field.read((int) tag, stop);
      at = stop;
    }
  }

  private int stop(long tag, int end) {
    long length =
        switch ((int) (tag & 7)) {
          case 0 -> width();
          case 1 -> Long.BYTES;
          case 2 -> varint();
          case 5 -> Integer.BYTES;
          default -> -1;
        };
    if (length < 0 || length > end - at) {
      throw new IndexOutOfBoundsException();
    }
    return at + (int) length;
  }

  /** Of the number that comes next. */
  private int width() {
    int start = at;
    varint();
    int width = at - start;
    at = start;
    return width;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException();
  }

  private void model() {
    within(bytes.length, MODEL_GRAPH, this::graph);
  }

  private void graph(int end) {
    fields(
        end,
        (tag, stop) -> {
          if (tag == GRAPH_INITIALIZER) {
            tensor(stop);
          } else if (tag == GRAPH_NODE) {
            within(stop, NODE_ATTRIBUTE, a -> within(a, ATTRIBUTE_TENSOR, this::tensor));
          }
        });
  }

  private void within(int end, int wanted, IntConsumer message) {
    fields(
        end,
        (tag, stop) -> {
          if (tag == wanted) {
            message.accept(stop);
          }
        });
  }

  /** Only a tensor of floating numbers whose numbers are in one piece. */
  private void tensor(int end) {
    int start = at;
    int[] type = {0};
    int[] pieces = {0};
    fields(
        end,
        (tag, stop) -> {
          if (tag == TENSOR_TYPE) {
            type[0] = (int) varint();
          } else if (tag == FLOATS || tag == DOUBLES || tag == RAW) {
            pieces[0]++;
          }
        });
    if (pieces[0] == 1 && (type[0] == 1 || type[0] == 11)) {
      at = start;
      relabel(end, type[0] == 1 ? FLOATS : DOUBLES);
    }
  }

  private void relabel(int end, int wanted) {
    while (at < end) {
      int start = at;
      long tag = varint();
      int stop = stop(tag, end);
      if (tag == wanted && bytes[start] == wanted) {
        bytes[start] = (byte) RAW;
      }
      at = stop;
    }
  }
}
