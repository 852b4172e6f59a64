using System.Buffers.Binary;
using System.Text;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>
/// An independent reader of TensorBoard's event files: records of <c>length (8) | masked CRC-32C of it (4) | data | masked CRC-32C of the
/// data (4)</c>, little endian, where the data is a protobuf Event (1 wall time, 2 step, 3 version, 5 summary of 1 values of 1 tag,
/// 2 value).
/// </summary>
internal static class EventFile
{
    internal sealed record Scalar(string Tag, long Step, float Value, double WallTime);

    /// <summary>The scalars; refuses whatever is not as it must be.</summary>
    internal static List<Scalar> Read(string path)
    {
        var records = Records(File.ReadAllBytes(path)).Select(Fields).ToList();
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(Assert.Single(records[0], field => field.Number == 3).Data));
        return [.. records.Skip(1).Select(ScalarOf)];
    }

    private static Scalar ScalarOf(List<Field> record)
    {
        var value = Fields(Assert.Single(Fields(Of(record, 5)), field => field.Number == 1).Data);
        var step = record.SingleOrDefault(field => field.Number == 2)?.Varint ?? 0;
        var wall = record.SingleOrDefault(field => field.Number == 1)?.Data;
        return new(
            Encoding.UTF8.GetString(Of(value, 1)),
            (long)step,
            BinaryPrimitives.ReadSingleLittleEndian(Of(value, 2)),
            wall is null ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(wall));
    }

    private static byte[] Of(List<Field> fields, int number) => Assert.Single(fields, field => field.Number == number).Data;

    private static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file.AsSpan(at + 12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            records.Add(data.ToArray());
            at += 12 + length + 4;
        }

        return records;
    }

    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var (length, varint) = (key & 7) switch
            {
                0 => (0, Varint(message, ref at)),
                1 => (8, 0UL),
                5 => (4, 0UL),
                2 => ((int)Varint(message, ref at), 0UL),
                var wire => throw new InvalidDataException($"wire type {wire}"),
            };
            fields.Add(new((int)(key >> 3), message[at..(at + length)], varint));
            at += length;
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>CRC-32C (Castagnoli, reflected 0x82F63B78) bit by bit, then turned right by 15 and shifted by
    /// TensorFlow's constant.</summary>
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0x82F63B78u : 0);
            }
        }

        return uint.RotateRight(~crc, 15) + 0xA282EAD8u;
    }

    private sealed record Field(int Number, byte[] Data, ulong Varint);
}
