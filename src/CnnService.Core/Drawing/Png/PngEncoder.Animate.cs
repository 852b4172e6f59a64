using System.Buffers.Binary;

namespace CnnService.Core.Drawing.Png;

public sealed partial class PngEncoder
{
    private const int LoopForever = 0;
    private const ushort DelayDenominator = 1000;

    /// <summary>Every frame is complete and replaces the one before: <c>acTL, (fcTL IDAT), (fcTL fdAT) …</c></summary>
    public byte[] EncodeAnimation(IReadOnlyList<AnimationFrame> frames, IReadOnlyList<KeyValuePair<string, string>> text)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count);
        var first = frames[0].Image;
        if (frames.Any(
            frame => (frame.Image.Width, frame.Image.Height, frame.Image.Channels) != (first.Width, first.Height, first.Channels)))
        {
            throw new ArgumentException("The frames of an animation have one size.", nameof(frames));
        }

        using var file = new MemoryStream();
        WritePreamble(file, first, text);
        WriteChunk(file, "acTL"u8, BigEndian(frames.Count, LoopForever));
        var sequence = 0; // Shared by fcTL and fdAT chunks.
        foreach (var frame in frames)
        {
            var isFirst = sequence == 0;
            WriteChunk(file, "fcTL"u8, FrameControl(frame, sequence++));
            var data = Compress(PngFilters.Apply(frame.Image));
            WriteChunk(file, isFirst ? "IDAT"u8 : "fdAT"u8, isFirst ? data : [.. BigEndian(sequence++), .. data]);
        }

        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>fcTL: sequence number, width, height, two offsets of 0, the delay as a fraction, no disposal, no blending.</summary>
    private static byte[] FrameControl(AnimationFrame frame, int sequence)
    {
        var delay = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(delay, checked((ushort)frame.Delay.TotalMilliseconds));
        BinaryPrimitives.WriteUInt16BigEndian(delay.AsSpan(2), DelayDenominator);
        return [.. BigEndian(sequence, frame.Image.Width, frame.Image.Height, 0, 0), .. delay, 0, 0];
    }

    private static byte[] BigEndian(params ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        return bytes;
    }
}
