namespace CnnService.Core.Interpretation.Kernels;

/// <summary>How kernels are displayed.</summary>
/// <param name="ScaleByFilter">True to scale each filter by its own largest weight; false to scale by the layer's.</param>
/// <param name="FirstInput">First input channel shown, for filters that do not take a colour image.</param>
/// <param name="Inputs">Number of input channels shown, 1 to 64.</param>
public sealed record KernelRequest(bool ScaleByFilter = false, int FirstInput = 0, int Inputs = KernelRequest.MaxInputs)
{
    public const int MaxInputs = 64;
}
