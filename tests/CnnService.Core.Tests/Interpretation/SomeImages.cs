using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Tests.Training;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>The data set "numbers": validation images of one pixel whose first byte is their number, "image-0" and on, of the classes in
/// turn.</summary>
internal static class SomeImages
{
    /// <summary>The pixels of the first so many.</summary>
    public static CacheHolding Cache(int images) => new(new() { [Split.Validation] = new NumberedImages(images) });

    public static ScanSource Source(int images, params string[] classes)
    {
        string[] names = classes.Length > 0 ? classes : ["cat", "dog"];
        var manifest = new DatasetManifest
        {
            Name = "numbers",
            Classes = names,
            Channels = 3,
            Images = [
                .. Enumerable.Range(0, images)
                    .Select(i => new DatasetImage($"image-{i}", Split.Validation, i % 2, "aa", "image/png", 1, 1, "x"))],
            Rejected = [],
            Mean = [],
            Std = [],
            Digest = "aa",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Bytes = 0,
        };
        return new("/nowhere", manifest, Split.Validation, ScanSource.DefaultImages);
    }
}
