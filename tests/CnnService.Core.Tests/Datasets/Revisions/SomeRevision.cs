using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets.Revisions;

/// <summary>Data sets that exist on paper, with images whose hashes follow from their numbers.</summary>
internal static class SomeRevision
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static string Sha256(int content) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(content)));

    /// <param name="content">Decides the hash.</param>
    /// <param name="again">How many images of the data set have it already.</param>
    public static DatasetImage Image(int content, int again = 0) => new(
        ImageId.Create(Sha256(content), again), default, 0, Sha256(content), content % 3 == 0 ? "image/png" : "image/jpeg",
        10 + (content % 7), 20 + (content % 5), $"Ordner/Größe {content}.png")
    {
        Bytes = 1000 + content,
    };

    /// <summary>The first revision of these images; it is written nowhere.</summary>
    public static DatasetManifest Of(IReadOnlyList<PlacedImage> images, params RejectedFile[] rejected) => RevisionBuilder.Build(
        new()
        {
            Name = "pets",
            Classes = [],
            Channels = 3,
            Rejected = rejected,
            Layout = new(LayoutKind.Names, ["A note."]),
            Revision = new(1, RevisionChange.Imported, images.Count, Now),
            Mean = [0.25, 0.5, 0.75],
            Std = [0.1, 0.2, 0.3],
            Moments = ColorMoments.Compute([1, 2, 3, 4, 5, 6]),
            DecodeSide = 150,
            Digest = string.Empty,
            CreatedAt = Now,
            Bytes = 0,
        }, images).Dataset;

    /// <summary>Images in three splits and three classes.</summary>
    public static List<PlacedImage> Images(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PlacedImage(Image(i), (Split)(i % 7 / 3), new[] { "cat", "dog", "Ölbaum" }[i % 3]))];
}
