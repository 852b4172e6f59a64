using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>Goes through the pictures of a split, as a network takes them.</summary>
internal static class SplitPictures
{
    /// <summary>So many pictures as the source asks for, evenly spread: the classes lie one behind the other.</summary>
    /// <param name="pixels">Decoded pictures.</param>
    /// <param name="model">Says their size.</param>
    /// <param name="source">Which.</param>
    /// <param name="begin">Told how many there are.</param>
    /// <param name="visit">Gets the place of a picture in the split, and the picture; its problem ends it.</param>
    /// <param name="cancel">Checked between pictures.</param>
    /// <returns>How many were visited. Problem code: <c>scan.no-pictures</c>, and those of reading them.</returns>
    public static Outcome<int> Visit(
        IPixelCache pixels, LoadedModel model, ScanSource source, Action<int> begin, Func<int, PixelBuffer, Problem?> visit, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        if (source.Dataset.Images.All(image => image.Split != source.Split))
        {
            return Problem.Unprocessable("scan.no-pictures", $"The data set '{source.Dataset.Name}' has no {source.Split.ToWireName()} pictures.");
        }

        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel).Bind<int>(pictures =>
        {
            using var _ = pictures;
            var count = Math.Min(source.Pictures, pictures.Count);
            begin(count);
            for (var i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var place = (int)((long)i * pictures.Count / count);
                if (visit(place, Copy(pictures, place)) is { } problem)
                {
                    return problem;
                }
            }

            return count;
        });
    }

    /// <summary>A copy, in the network's size.</summary>
    public static PixelBuffer Copy(IPixelSource pictures, int index)
    {
        var picture = new PixelBuffer(pictures.Width, pictures.Height, pictures.Channels);
        pictures.Pixels(index).CopyTo(picture.Data);
        return picture;
    }
}
