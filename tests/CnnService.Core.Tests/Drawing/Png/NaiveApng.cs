using System.Buffers.Binary;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Drawing.Png;

/// <summary>
/// Reads animated PNG files by the letter of the standard's third edition. Each frame is rewritten as a plain PNG and read as such,
/// checksums included.
/// </summary>
internal sealed record NaiveApng(int Plays, IReadOnlyList<NaiveApngFrame> Frames, IReadOnlyList<string> Chunks)
{
    private static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    public static NaiveApng Read(byte[] file)
    {
        Assert.Equal(Signature, file[..8]);
        var chunks = Parse(file);
        var control = Assert.Single(chunks, chunk => chunk.Type == "acTL").Body;
        var header = chunks[0];
        Assert.Equal("IHDR", header.Type);
        var frames = new List<NaiveApngFrame>();
        var sequence = 0;
        foreach (var (type, body) in chunks)
        {
            switch (type)
            {
                case "fcTL":
                    Assert.Equal(26, body.Length);
                    Assert.Equal(sequence++, Number(body, 0));
                    Assert.Equal((Number(header.Body, 0), Number(header.Body, 4), 0, 0),
                        (Number(body, 4), Number(body, 8), Number(body, 12), Number(body, 16)));
                    Assert.Equal((0, 0), (body[24], body[25]));
                    frames.Add(
                        new(1000 * BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(20))
                            / BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(22)), null!));
                    break;
                case "IDAT":
                    Assert.Single(frames); // The image that others see is the first frame.
                    frames[^1] = frames[^1] with { Image = Plain(header.Body, body) };
                    break;
                case "fdAT":
                    Assert.Equal(sequence++, Number(body, 0));
                    frames[^1] = frames[^1] with { Image = Plain(header.Body, body[4..]) };
                    break;
            }
        }

        Assert.Equal(frames.Count, Number(control, 0));
        Assert.All(frames, frame => Assert.NotNull(frame.Image));
        return new(Number(control, 4), frames, [.. chunks.Select(chunk => chunk.Type)]);
    }

    private static List<(string Type, byte[] Body)> Parse(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < file.Length; at += 12 + Number(file, at))
        {
            var length = Number(file, at);
            Assert.Equal(NaivePng.Crc(file.AsSpan(at + 4, length + 4)), (uint)Number(file, at + 8 + length));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
        }

        return chunks;
    }

    private static PixelBuffer Plain(byte[] header, byte[] data) =>
        NaivePng.Read([.. Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", data), .. Chunk("IEND", [])]).Image;

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. body];
        return [.. Bytes((uint)body.Length), .. named, .. Bytes(NaivePng.Crc(named))];
    }

    private static int Number(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));

    private static byte[] Bytes(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}

/// <param name="Milliseconds">Until the next frame.</param>
/// <param name="Image">As decoded.</param>
internal sealed record NaiveApngFrame(int Milliseconds, PixelBuffer Image);
