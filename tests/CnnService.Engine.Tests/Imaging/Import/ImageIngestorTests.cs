using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Imaging.Cache;
using CnnService.Imaging.Import;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Imaging.Import;

public sealed class ImageIngestorTests : IDisposable
{
    /// <summary>Far more than are ever read ahead of the workers.</summary>
    private const int Files = 500;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Fact]
    public async Task Take_DecoderWithoutMemory_EndsWithThatFault() => await Assert.ThrowsAsync<OutOfMemoryException>(
#pragma warning disable CA2201 // What the runtime throws.
        () => TakeAsync(new FaultyDecoder(_imaging.Decoder, new OutOfMemoryException()), new Progress<ImportProgress>()));
#pragma warning restore CA2201

    [Fact]
    public async Task Take_DecoderThatFaultsOnAFile_RejectsTheFile()
    {
        var taken = await TakeAsync(
            new FaultyDecoder(_imaging.Decoder, new InvalidOperationException("its table is broken")), new Progress<ImportProgress>());

        Assert.Equal(Files, taken.Count);
        Assert.All(taken, image => Assert.Equal("the decoder failed on it: its table is broken", image.Refusal));
    }

    [Fact]
    public async Task Take_ListenerThatFaults_EndsWithThatFault()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(_imaging.Decoder, new FaultyListener()));

        Assert.Equal("the listener is broken", fault.Message);
    }

    [Fact]
    public async Task Take_SourceThatIsStuck_IsLeftBehind()
    {
        using var never = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        using var spool = new PackWriter(_imaging.Folder);
        var images = Directory.CreateDirectory(Path.Combine(_imaging.Folder, "images")).FullName;
        var taking = new ImageIngestor(_imaging.Decoder, images, spool, 8, new StallWatch(TimeSpan.FromMinutes(2), clock))
            .IngestAsync(Stuck(never), new Progress<ImportProgress>(), 0, CancellationToken.None);

        while (!taking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(20);
        }

        var stalled = await Assert.ThrowsAsync<SourceStalledException>(() => taking);
        Assert.Contains("'dogs/0.png'", stalled.Message, StringComparison.Ordinal);
        never.Set();
    }

    private static IEnumerable<SourceFile> Stuck(ManualResetEventSlim never)
    {
        yield return new("dogs/0.png", SomeImages.Png(0), null);
        never.Wait();
    }

    private async Task<List<ImportedImage>> TakeAsync(IImageDecoder decoder, IProgress<ImportProgress> progress)
    {
        var images = Directory.CreateDirectory(Path.Combine(_imaging.Folder, "images")).FullName;
        using var spool = new PackWriter(_imaging.Folder);
        var files = Enumerable.Range(0, Files).Select(i => new SourceFile($"dogs/{i}.png", SomeImages.Png(i), null));

        return await new ImageIngestor(decoder, images, spool, 8, new StallWatch(Long, TimeProvider.System))
            .IngestAsync(files, progress, 0, CancellationToken.None).WaitAsync(Long);
    }

    private sealed class FaultyDecoder(IImageDecoder headers, Exception fault) : IImageDecoder
    {
        public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) => headers.ReadHeader(file);

        public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target) =>
            throw fault;
    }

    private sealed class FaultyListener : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => throw new InvalidOperationException("the listener is broken");
    }
}
