using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Artifacts;

/// <summary>The images of a file of an export: as many as fit into a file of moderate size.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Images">Its images, in order.</param>
internal sealed record ExportShard(string Name, IEnumerable<DatasetImage> Images)
{
    private const long MaxBytes = 256L << 20;

    /// <summary>The shards of a split; none where it has no images.</summary>
    public static IEnumerable<ExportShard> Divide(Split split, IReadOnlyList<DatasetImage> images)
    {
        var ends = Ends(images);
        return ends.Select((end, number) =>
        {
            var start = number == 0 ? 0 : ends[number - 1];
            var name = string.Create(
                CultureInfo.InvariantCulture, $"{split.ToWireName()}-{number:d5}-of-{ends.Count:d5}.parquet");
            return new ExportShard(name, Enumerable.Range(start, end - start).Select(i => images[i]));
        });
    }

    private static List<int> Ends(IReadOnlyList<DatasetImage> images)
    {
        var (ends, bytes) = (new List<int>(), 0L);
        foreach (var (index, image) in images.Index())
        {
            if (bytes > 0 && bytes + image.Bytes > MaxBytes)
            {
                ends.Add(index);
                bytes = 0;
            }

            bytes += image.Bytes;
        }

        return images.Count == 0 ? ends : [.. ends, images.Count];
    }
}
