namespace CnnService.Core.Interpretation.Kernels;

/// <summary>How kernels are shown.</summary>
/// <param name="ScaleByFilter">Each filter has its own scale; else the layer's largest weight has the strongest colour.</param>
/// <param name="FirstInput">Of the input channels shown, where there are not three.</param>
/// <param name="Inputs">How many of them, 1 to 64.</param>
public sealed record KernelRequest(bool ScaleByFilter = false, int FirstInput = 0, int Inputs = KernelRequest.MaxInputs)
{
    public const int MaxInputs = 64;
}
