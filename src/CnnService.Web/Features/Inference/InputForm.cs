namespace CnnService.Web.Features.Inference;

/// <summary>What the values of an input are.</summary>
internal enum InputForm
{
    /// <summary>Preprocessed values, float32 <c>[N,C,H,W]</c>.</summary>
    Planes,

    /// <summary>Preprocessed values, float32 <c>[N,H,W,C]</c>.</summary>
    Interleaved,

    /// <summary>Decoded images, bytes <c>[N,H,W,C]</c>.</summary>
    Pixels,

    /// <summary>Image files <c>[N]</c>.</summary>
    Files,
}
