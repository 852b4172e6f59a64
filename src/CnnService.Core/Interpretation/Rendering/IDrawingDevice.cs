using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>
/// Whether patterns and explanations are computed on the GPU or on the processor; decided here and nowhere else. Where it is computed is
/// part of an image's key: the processor repeats its own bytes, a GPU all but the last digits. Thread safe.
/// </summary>
public interface IDrawingDevice
{
    /// <summary>Problem code of work that the GPU has no memory for; the same request is then drawn on the processor.</summary>
    const string OutOfMemory = "drawing.gpu-memory";

    /// <summary>Whether patterns can be drawn on a GPU at all.</summary>
    bool HasGpu { get; }

    /// <summary>Whether explanations can be computed on a GPU at all, which is that of served models.</summary>
    bool HasServingGpu { get; }

    /// <summary>Whether what is drawn next is to be drawn on the GPU: it is not in use, and has not lacked memory lately.</summary>
    bool IsGpuFree { get; }

    /// <summary>Draws on the processor for a while: the GPU's memory did not suffice.</summary>
    void GiveUpGpu();

    /// <summary>Told how drawing ended: gives up the GPU if it ended for lack of its memory.</summary>
    /// <param name="problem">Null: it succeeded.</param>
    sealed void Heed(Problem? problem)
    {
        if (problem?.Code == OutOfMemory)
        {
            GiveUpGpu();
        }
    }
}
