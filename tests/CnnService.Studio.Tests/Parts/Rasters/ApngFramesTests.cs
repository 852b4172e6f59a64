using System.Buffers.Binary;
using System.Text;
using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Tests.Parts.Rasters;

public sealed class ApngFramesTests
{
    [Fact]
    public void Split_OfTwoFrames_GivesAPictureEach()
    {
        var frames = ApngFrames.Split(Film(whole: true));

        Assert.Equal(2, frames.Count);
        Assert.Equal(["IHDR", "IDAT", "IEND"], Names(frames[0]));
        Assert.Equal([7, 7], Content(frames[0], "IDAT"));
        Assert.Equal([8, 8, 8], Content(frames[1], "IDAT")); // Without the number that a frame's data begin with.
    }

    [Fact]
    public void Split_OfAFrameThatIsAPart_IsRefused() => Assert.Throws<FormatException>(() => ApngFrames.Split(Film(whole: false)));

    [Fact]
    public void Split_OfAnEndlessChunk_IsRefused()
    {
        var film = Film(whole: true);
        BinaryPrimitives.WriteInt32BigEndian(film.AsSpan(8), int.MaxValue);

        Assert.Throws<FormatException>(() => ApngFrames.Split(film));
    }

    /// <summary>As the specification of APNG 1.0 lays it out; the data are no pixels.</summary>
    private static byte[] Film(bool whole)
    {
        using var file = new MemoryStream();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        PngFile.WriteChunk(file, "IHDR", [0, 0, 0, 4, 0, 0, 0, 3, 8, 2, 0, 0, 0]);
        PngFile.WriteChunk(file, "acTL", [0, 0, 0, 2, 0, 0, 0, 0]);
        PngFile.WriteChunk(file, "fcTL", Control(0, 4));
        PngFile.WriteChunk(file, "IDAT", [7, 7]);
        PngFile.WriteChunk(file, "fcTL", Control(1, (byte)(whole ? 4 : 2)));
        PngFile.WriteChunk(file, "fdAT", [0, 0, 0, 2, 8, 8, 8]);
        PngFile.WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Control(byte number, byte width) =>
        [0, 0, 0, number, 0, 0, 0, width, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0];

    private static List<string> Names(byte[] file)
    {
        var names = new List<string>();
        for (var at = 8; at < file.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)))
        {
            names.Add(Encoding.ASCII.GetString(file, at + 4, 4));
        }

        return names;
    }

    private static byte[] Content(byte[] file, string name)
    {
        var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name));
        return file[(at + 4)..(at + 4 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at - 4)))];
    }
}
