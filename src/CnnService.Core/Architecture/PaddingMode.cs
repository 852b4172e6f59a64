namespace CnnService.Core.Architecture;

/// <summary>What stands outside the picture: zeros, or the values on its edge.</summary>
public enum PaddingMode
{
    Zeros,
    Edge,
}
