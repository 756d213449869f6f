import { Router } from 'express';
import { listProducts, showProduct } from '../controllers/products.ts';
import { recommendProducts } from '../controllers/recommendations.ts';
import { searchCatalog } from '../controllers/search.ts';

export function createCatalogRouter(): Router {
  const products = Router();
  products.get('/', listProducts);
  products.get('/:productId', showProduct);
  products.get('/:productId/recommendations', recommendProducts);

  const catalog = Router();
  catalog.get('/search', searchCatalog);
  catalog.use('/products', products);
  return catalog;
}
