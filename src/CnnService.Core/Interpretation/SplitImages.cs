using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>Goes through the images of a split, as a network takes them.</summary>
internal static class SplitImages
{
    /// <summary>So many images as the source asks for, evenly spread: the classes lie one behind the other.</summary>
    /// <param name="pixels">Decoded images.</param>
    /// <param name="model">Says their size.</param>
    /// <param name="source">Which.</param>
    /// <param name="begin">Told how many there are.</param>
    /// <param name="visit">Gets the place of an image in the split, and the image; its problem ends it.</param>
    /// <param name="cancel">Checked between images.</param>
    /// <returns>How many were visited. Problem code: <c>scan.no-images</c>, and those of reading them.</returns>
    public static Outcome<int> Visit(
        IPixelCache pixels, LoadedModel model, ScanSource source, Action<int> begin, Func<int, PixelBuffer, Problem?> visit,
        CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        if (source.Dataset.Images.All(image => image.Split != source.Split))
        {
            return Problem.Unprocessable("scan.no-images",
                $"The data set '{source.Dataset.Name}' has no {source.Split.ToWireName()} images.");
        }

        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel)
            .Bind<int>(images =>
        {
            using var _ = images;
            var count = Math.Min(source.Images, images.Count);
            begin(count);
            for (var i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var place = (int)((long)i * images.Count / count);
                if (visit(place, Copy(images, place)) is { } problem)
                {
                    return problem;
                }
            }

            return count;
        });
    }

    /// <summary>A copy, in the network's size.</summary>
    public static PixelBuffer Copy(IPixelSource images, int index)
    {
        var image = new PixelBuffer(images.Width, images.Height, images.Channels);
        images.Pixels(index).CopyTo(image.Data);
        return image;
    }
}
