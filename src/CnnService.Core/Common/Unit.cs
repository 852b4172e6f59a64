namespace CnnService.Core.Common;

/// <summary>The value of an outcome that tells success and nothing else.</summary>
public readonly record struct Unit;
