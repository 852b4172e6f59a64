namespace CnnService.Core.Models;

/// <summary>How the source of a weights file names its tensors and lays them out.</summary>
public enum WeightConvention
{
    /// <summary>This service's own: <c>{layer}.weight</c>, <c>.bias</c>, <c>.running_mean</c>, <c>.running_var</c> by the network's layer names.</summary>
    Own,

    /// <summary>Module paths of PyTorch (torchvision, timm); the layout is ours: kernels <c>[out,in/groups,h,w]</c>, dense <c>[out,in]</c>.</summary>
    PyTorch,

    /// <summary>Layer names of Keras; kernels <c>[h,w,in/groups,out]</c>, dense <c>[in,out]</c>, maps flattened as <c>[H,W,C]</c>.</summary>
    Keras,
}
