namespace CnnService.Core.Common;

/// <summary>The value of an outcome that carries no data.</summary>
public readonly record struct Unit;
