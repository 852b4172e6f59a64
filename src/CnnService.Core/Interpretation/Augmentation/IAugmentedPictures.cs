using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>Training pictures as a run changes them.</summary>
public interface IAugmentedPictures
{
    /// <summary>Changes whenever the same request gives another picture: part of every tag.</summary>
    string Revision => "1";

    /// <summary>
    /// The picture in epoch after epoch, by the code that training uses, before normalization and rounded to bytes. Blocks. Thread
    /// safe. Problem code: <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="picture">At the size that is trained on.</param>
    /// <param name="index">Of the picture among the training pictures.</param>
    /// <param name="spec">How far changes may go.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epochs">How many, from the first.</param>
    /// <param name="cancel">Stops it.</param>
    Outcome<IReadOnlyList<PixelBuffer>> Draw(PixelBuffer picture, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel);
}
