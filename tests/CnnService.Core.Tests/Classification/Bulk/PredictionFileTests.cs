using CnnService.Core.Classification.Bulk;

namespace CnnService.Core.Tests.Classification.Bulk;

public sealed class PredictionFileTests : IDisposable
{
    private const int Classes = 3;
    private const int HeaderBytes = 40;
    private const int RecordBytes = (Classes * sizeof(float)) + sizeof(uint);

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly TemporaryFolder _folder = new();

    private string Newest => Directory.GetFiles(_folder.Root, "*.scores").Order(StringComparer.Ordinal).Last();

    [Fact]
    public void Append_AndReopen_KeepsEveryScoreInOrder()
    {
        using (var file = Open(1))
        {
            file.Append(Rows(0, 2));
            file.Append(Rows(2, 3));
        }

        using var again = Open(2);

        Assert.Equal(5, again.Count);
        Assert.Equal(Rows(0, 5), again.Read().SelectMany(row => row));
        Assert.Equal("000002.scores", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.Root))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(RecordBytes - 1)]
    [InlineData(RecordBytes)]
    [InlineData((2 * RecordBytes) + 5)]
    public void Open_AfterACutAnywhere_KeepsWhatIsWhole(int cut)
    {
        Write(5);
        using (var stream = File.OpenWrite(Newest))
        {
            stream.SetLength(stream.Length - cut);
        }

        using var again = Open(2);

        var whole = ((5 * RecordBytes) - cut) / RecordBytes;
        Assert.Equal(whole, again.Count);
        again.Append(Rows(whole, 5 - whole));
        Assert.Equal(Rows(0, 5), again.Read().SelectMany(row => row));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Open_RottenRecord_IsTheEnd(int rotten)
    {
        Write(5);
        Change(HeaderBytes + (rotten * RecordBytes) + 5, value => (byte)(value ^ 1));

        using var again = Open(2);

        Assert.Equal(rotten, again.Count);
    }

    [Fact]
    public void Open_TailOfZeros_IsNoRecord()
    {
        Write(2);
        using (var stream = File.OpenWrite(Newest))
        {
            stream.SetLength(stream.Length + (3 * RecordBytes)); // What a power loss leaves.
        }

        using var again = Open(2);

        Assert.Equal(2, again.Count);
    }

    [Fact]
    public void Open_RecordAtAnotherPlace_IsNotTaken()
    {
        Write(3);
        var bytes = File.ReadAllBytes(Newest);
        bytes.AsSpan(HeaderBytes, RecordBytes).CopyTo(bytes.AsSpan(HeaderBytes + RecordBytes));
        File.WriteAllBytes(Newest, bytes);

        using var again = Open(2);

        Assert.Equal(1, again.Count);
    }

    [Fact]
    public void Open_AnotherKeyOrForm_BeginsAnew()
    {
        Write(3);
        using (var other = PredictionFile.Open(_folder.Root, 2, new byte[32], Classes))
        {
            Assert.Equal(0, other.Count);
            other.Append(Rows(0, 1));
        }

        Change(0, _ => 0);
        using var damaged = PredictionFile.Open(_folder.Root, 3, new byte[32], Classes);
        Assert.Equal(0, damaged.Count);
    }

    [Fact]
    public void Open_WhileAFormerOwnerStillWrites_IsNotDisturbed()
    {
        using var former = Open(1);
        former.Append(Rows(0, 2));
        using var mine = Open(2);

        former.Append(Rows(7, 2)); // It was taken for dead, and wakes.
        mine.Append(Rows(2, 1));

        Assert.Equal(Rows(0, 3), mine.Read().SelectMany(row => row));
        mine.Dispose();
        using var next = Open(3);
        Assert.Equal(3, next.Count);
    }

    [Fact]
    public void Append_PartOfARow_IsRefused()
    {
        using var file = Open(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Append(new float[Classes + 1]));
    }

    [Fact]
    public void Clear_LeavesOtherFiles()
    {
        Write(1);
        File.WriteAllText(Path.Combine(_folder.Root, "predictions.csv"), "x");

        PredictionFile.Clear(_folder.Root);

        Assert.Equal("predictions.csv", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.Root))));
    }

    public void Dispose() => _folder.Dispose();

    private static float[] Rows(int first, int count) =>
        [.. Enumerable.Range(first * Classes, count * Classes).Select(i => (i * 0.5f) - 3)];

    private PredictionFile Open(int attempt) => PredictionFile.Open(_folder.Root, attempt, Key, Classes);

    private void Write(int images)
    {
        using var file = Open(1);
        file.Append(Rows(0, images));
    }

    private void Change(int offset, Func<byte, byte> change)
    {
        var path = Newest;
        var bytes = File.ReadAllBytes(path);
        bytes[offset] = change(bytes[offset]);
        File.WriteAllBytes(path, bytes);
    }
}
