package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Spoils files: bytes, lengths, and fields one by one. */
final class Mutations {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    -1,
    7,
    127,
    128,
    1 << 16,
    1 << 20,
    (1 << 24) + 1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final float[] FLOATS = {
    0, -0f, 1, -1, 1e-30f, 1e30f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  private final Random random;
  private final List<String> names = new ArrayList<>();

  Mutations(Random random) {
    this.random = random;
  }

  /** The file with one to four changes. */
  byte[] spoiled(ModelProto model) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      byte[] bytes = model.toByteArray();
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    if (kind <= 2) {
      return flipped(model.toByteArray());
    }
    names.clear();
    model.getGraph().getNodeList().forEach(n -> names.addAll(n.getOutputList()));
    model.getGraph().getInputList().forEach(i -> names.add(i.getName()));
    model.getGraph().getInitializerList().forEach(i -> names.add(i.getName()));
    model.getGraph().getNodeList().forEach(n -> names.add(n.getOpType()));
    Message spoiled = model;
    for (int i = 0; i <= random.nextInt(4); i++) {
      spoiled = changed(spoiled, 0);
    }
    byte[] bytes = spoiled.toByteArray();
    return kind == 3 ? flipped(bytes) : bytes;
  }

  private byte[] flipped(byte[] bytes) {
    for (int i = 0; i <= random.nextInt(8); i++) {
      int place = random.nextInt(bytes.length);
      bytes[place] =
          random.nextBoolean()
              ? (byte) random.nextInt()
              : (byte) (bytes[place] ^ 1 << random.nextInt(8));
    }
    return bytes;
  }

  /** A message with a change in it or below it. */
  private Message changed(Message message, int depth) {
    List<Map.Entry<FieldDescriptor, Object>> fields =
        new ArrayList<>(message.getAllFields().entrySet());
    if (fields.isEmpty()) {
      return message;
    }
    Map.Entry<FieldDescriptor, Object> chosen = fields.get(random.nextInt(fields.size()));
    if (depth == 0) {
      chosen = fields.get(fields.size() - 1 - random.nextInt(Math.min(2, fields.size())));
    }
    FieldDescriptor field = chosen.getKey();
    Message.Builder b = message.toBuilder();
    if (field.isRepeated()) {
      b.setField(field, list(field, new ArrayList<>((List<?>) chosen.getValue()), depth));
    } else if (random.nextInt(20) == 0 && depth > 0) {
      b.clearField(field);
    } else {
      b.setField(field, value(field, chosen.getValue(), depth));
    }
    return b.buildPartial();
  }

  private List<Object> list(FieldDescriptor field, List<Object> values, int depth) {
    int place = random.nextInt(values.size());
    switch (random.nextInt(12)) {
      case 0 -> values.remove(place);
      case 1 -> values.add(values.get(place));
      case 2 -> Collections.swap(values, place, random.nextInt(values.size()));
      default -> values.set(place, value(field, values.get(place), depth));
    }
    return values;
  }

  private Object value(FieldDescriptor field, Object old, int depth) {
    return switch (field.getJavaType()) {
      case MESSAGE -> changed((Message) old, depth + 1);
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> FLOATS[random.nextInt(FLOATS.length)];
      case DOUBLE -> (double) FLOATS[random.nextInt(FLOATS.length)];
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text((String) old);
      case BYTE_STRING -> bytes((ByteString) old);
      case ENUM -> {
        EnumDescriptor type = field.getEnumType();
        yield type.getValues().get(random.nextInt(type.getValues().size()));
      }
    };
  }

  private long number() {
    return random.nextInt(3) == 0 ? random.nextInt(12) : NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private String text(String old) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "../" + old;
      case 2 ->
          Operators.standard().names().get(random.nextInt(Operators.standard().names().size()));
      default -> names.get(random.nextInt(names.size()));
    };
  }

  private ByteString bytes(ByteString old) {
    byte[] bytes = old.toByteArray();
    if (bytes.length == 0 || random.nextInt(3) == 0) {
      return ByteString.copyFromUtf8(text(""));
    }
    return random.nextBoolean()
        ? ByteString.copyFrom(Arrays.copyOf(bytes, random.nextInt(bytes.length * 2)))
        : ByteString.copyFrom(flipped(bytes));
  }
}
