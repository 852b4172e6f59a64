using System.IO.Compression;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public class ZipDirectoryTests
{
    private const int HeaderBytes = 46;
    private const int NameBytes = 6;

    [Theory]
    [InlineData(3)]
    [InlineData(70_000)] // More than the plain form can state.
    public void Exceeds_ByTheNumberOfEntries_IsTrueForOneMore(int count)
    {
        using var zip = Zip(count);

        Assert.False(ZipDirectory.Exceeds(zip, count, long.MaxValue));
        Assert.True(ZipDirectory.Exceeds(zip, count - 1, long.MaxValue));
        Assert.Equal(0, zip.Position);
    }

    [Fact]
    public void Exceeds_ByTheBytesOfTheList_IsTrueForOneMore()
    {
        using var zip = Zip(3);

        Assert.False(ZipDirectory.Exceeds(zip, 3, 3 * (HeaderBytes + NameBytes)));
        Assert.True(ZipDirectory.Exceeds(zip, 3, (3 * (HeaderBytes + NameBytes)) - 1));
    }

    [Fact]
    public void Exceeds_WhereTheFileStatesFewer_CountsWhatIsThere()
    {
        using var zip = Zip(1000);
        var bytes = zip.ToArray();
        bytes.AsSpan(bytes.Length - 14, 4).Clear(); // Both numbers of entries in the record at the end.
        bytes[^14] = bytes[^12] = 1;

        Assert.True(ZipDirectory.Exceeds(new MemoryStream(bytes), 999, long.MaxValue));
    }

    [Fact]
    public void Exceeds_OfNoise_NeverThrows()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            using var zip = Zip(5);
            var bytes = zip.ToArray()[..random.Next((int)zip.Length + 1)];
            for (var change = 0; change < 10 && bytes.Length > 0; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            ZipDirectory.Exceeds(new MemoryStream(bytes), 5, 1000);
        }
    }

    private static MemoryStream Zip(int count)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < count; i++)
            {
                zip.CreateEntry($"{i:d5}/"[..NameBytes]);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
